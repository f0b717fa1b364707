import { ack, consume, openBus, publishEvents } from '@crystalmath/bus'
import { keepDuties } from '@crystalmath/duty'
import { runService, serveHealth, systemClock } from '@crystalmath/service'
import { jobsPort, openStore } from '@crystalmath/store'
import { openBells } from './bells.ts'
import { config, holder } from './config.ts'
import { serveWrites } from './serve-writes.ts'

await runService('submitter', config.LOG_LEVEL, async ({ log, signal, onClose }) => {
  const bus = await openBus({
    url: config.NATS_URL,
    name: 'submitter',
    user: config.NATS_USER,
    password: config.NATS_PASSWORD,
    prefix: config.BUS_PREFIX,
    replicas: config.NATS_REPLICAS,
  })
  onClose('bus', bus.close)
  const store = await openStore({
    url: config.MONGODB_URL,
    database: config.MONGODB_DATABASE,
    source: '/crystalmath/submitter',
    publish: (events) => publishEvents(bus, events),
  })
  onClose('store', store.close)
  const health = await serveHealth({
    service: 'submitter',
    host: config.HEALTH_HOST,
    port: config.HEALTH_PORT,
    ready: { bus: async () => void (await bus.connection.rtt()), store: store.ping },
  })
  onClose('health', health.close)

  const bells = openBells()
  const listening = consume(
    bus,
    {
      durable: 'submitter',
      subject: 'crystalmath.job.submitted.>',
      concurrency: 64,
      handle: async (event) => {
        bells.ring(String(event.data['cluster']))
        return ack
      },
      onBug: (error, deliveries) => log.error({ err: error, deliveries }, 'a message met a bug'),
    },
    signal,
  )
  onClose('consumer', () => listening)
  const duties = keepDuties({
    store,
    log,
    signal,
    right: 'write',
    holder,
    keyFolder: config.CLUSTER_KEYS,
    leaseTtlMs: config.LEASE_TTL_SECONDS * 1_000,
    lookMs: config.LOOK_SECONDS * 1_000,
    onBeat: health.beat,
    serve: (duty) => serveWrites({ jobs: jobsPort(store), duty, config, clock: systemClock, lastAsked: new Map() }, store, bells),
  })
  onClose('duties', () => duties)
})
