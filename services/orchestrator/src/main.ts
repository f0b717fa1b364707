import { openBackbone } from '@crystalmath/backbone'
import { ack, consume } from '@crystalmath/bus'
import { periodically, runService } from '@crystalmath/service'
import { advance } from './advance.ts'
import { config } from './config.ts'

/** Ends of jobs, each kind by a durable of its own: one filter per consumer, and nothing of what happens in between. */
const ENDS = ['completed', 'failed', 'cancelled'] as const

await runService('orchestrator', config.LOG_LEVEL, async (app) => {
  const { log, signal, onClose } = app
  const { bus, store, health } = await openBackbone('orchestrator', config, app)
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
