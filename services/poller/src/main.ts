import { openBus, publishEvents } from '@crystalmath/bus'
import { keepDuties } from '@crystalmath/duty'
import { runService, serveHealth, systemClock } from '@crystalmath/service'
import { jobsPort, openStore } from '@crystalmath/store'
import { config, holder } from './config.ts'
import { relayOutboxes } from './relay.ts'
import { serveReads } from './serve-reads.ts'

await runService('poller', config.LOG_LEVEL, async ({ log, signal, onClose }) => {
  const bus = await openBus({
    url: config.NATS_URL,
    name: 'poller',
    user: config.NATS_USER,
    password: config.NATS_PASSWORD,
    prefix: config.BUS_PREFIX,
    replicas: config.NATS_REPLICAS,
  })
  onClose('bus', bus.close)
  const store = await openStore({
    url: config.MONGODB_URL,
    database: config.MONGODB_DATABASE,
    source: '/crystalmath/poller',
    publish: (events) => publishEvents(bus, events),
  })
  onClose('store', store.close)
  const health = await serveHealth({
    service: 'poller',
    host: config.HEALTH_HOST,
    port: config.HEALTH_PORT,
    ready: { bus: async () => void (await bus.connection.rtt()), store: store.ping },
  })
  onClose('health', health.close)
  const relay = relayOutboxes({ store, bus, log, signal, holder, leaseTtlMs: config.LEASE_TTL_SECONDS * 1_000 })
  onClose('relay', () => relay)
  const duties = keepDuties({
    store,
    log,
    signal,
    right: 'read',
    holder,
    keyFolder: config.CLUSTER_KEYS,
    leaseTtlMs: config.LEASE_TTL_SECONDS * 1_000,
    lookMs: config.LOOK_SECONDS * 1_000,
    onBeat: health.beat,
    serve: (duty) => serveReads({ jobs: jobsPort(store), store, bus, duty, config, clock: systemClock }),
  })
  onClose('duties', () => duties)
})
