import { ack, consume, openBus, publishEvents } from '@crystalmath/bus'
import { periodically, runService, serveHealth } from '@crystalmath/service'
import { openStore } from '@crystalmath/store'
import { advance } from './advance.ts'
import { config } from './config.ts'

/** Ends of jobs, each kind by a durable of its own: one filter per consumer, and nothing of what happens in between. */
const ENDS = ['completed', 'failed', 'cancelled'] as const

await runService('orchestrator', config.LOG_LEVEL, async ({ log, signal, onClose }) => {
  const bus = await openBus({
    url: config.NATS_URL,
    name: 'orchestrator',
    user: config.NATS_USER,
    password: config.NATS_PASSWORD,
    prefix: config.BUS_PREFIX,
    replicas: config.NATS_REPLICAS,
  })
  onClose('bus', bus.close)
  const store = await openStore({
    url: config.MONGODB_URL,
    database: config.MONGODB_DATABASE,
    source: '/crystalmath/orchestrator',
    publish: (events) => publishEvents(bus, events),
  })
  onClose('store', store.close)
  const health = await serveHealth({
    service: 'orchestrator',
    host: config.HEALTH_HOST,
    port: config.HEALTH_PORT,
    ready: { bus: async () => void (await bus.connection.rtt()), store: store.ping },
  })
  onClose('health', health.close)
  const deps = { store, log }

  const listening = ENDS.map((end) =>
    consume(
      bus,
      {
        durable: `orchestrator-${end}`,
        subject: `crystalmath.job.state.${end}.>`,
        handle: async (event) => {
          await advance(deps, event.data.jobId, new Date())
          return ack
        },
        onBug: (error, deliveries) => log.error({ err: error, deliveries }, 'a message met a bug'),
      },
      signal,
    ),
  )
  onClose('consumers', async () => void (await Promise.all(listening)))
  const sweep = periodically(
    config.SWEEP_SECONDS * 1_000,
    async () => {
      health.beat()
      await advance(deps, null, new Date())
    },
    (error) => log.error({ err: error }, 'the sweep met an error'),
    signal,
  )
  onClose('sweep', () => sweep.done)
})
