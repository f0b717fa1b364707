import { consume, openBus, publishEvents } from '@crystalmath/bus'
import { isoTime, periodically, runService, serveHealth, systemClock } from '@crystalmath/service'
import { findUnparsed, jobsPort, openStore } from '@crystalmath/store'
import { config } from './config.ts'
import { parseJob } from './parse-job.ts'
import { openWorkers } from './workers.ts'

await runService('parser', config.LOG_LEVEL, async ({ log, signal, onClose }) => {
  const bus = await openBus({
    url: config.NATS_URL,
    name: 'parser',
    user: config.NATS_USER,
    password: config.NATS_PASSWORD,
    prefix: config.BUS_PREFIX,
    replicas: config.NATS_REPLICAS,
  })
  onClose('bus', bus.close)
  const store = await openStore({
    url: config.MONGODB_URL,
    database: config.MONGODB_DATABASE,
    source: '/crystalmath/parser',
    publish: (events) => publishEvents(bus, events),
  })
  onClose('store', store.close)
  const health = await serveHealth({
    service: 'parser',
    host: config.HEALTH_HOST,
    port: config.HEALTH_PORT,
    ready: { bus: async () => void (await bus.connection.rtt()), store: store.ping },
  })
  onClose('health', health.close)
  const workers = openWorkers(config)
  onClose('workers', workers.close)
  const deps = { jobs: jobsPort(store), workers, log, clock: systemClock }

  const listening = consume(
    bus,
    {
      durable: 'parser',
      subject: 'crystalmath.job.state.ended.>',
      concurrency: config.WORKERS * 2,
      handlerMs: (config.PARSE_SECONDS + 60) * 1_000,
      handle: (event) => parseJob(deps, event.data.jobId, event.data.attempt),
      onBug: (error, deliveries) => log.error({ err: error, deliveries }, 'a message met a bug'),
    },
    signal,
  )
  onClose('consumer', () => listening)
  const sweep = periodically(
    config.SWEEP_SECONDS * 1_000,
    async () => {
      health.beat()
      const before = isoTime(systemClock, -config.SWEEP_GRACE_SECONDS * 1_000)
      for (const job of await findUnparsed(store, before, 50)) {
        if (signal.aborted) return
        await parseJob(deps, job.id, job.attempt)
      }
    },
    (error) => log.error({ err: error }, 'the sweep met an error'),
    signal,
  )
  onClose('sweep', () => sweep.done)
})
