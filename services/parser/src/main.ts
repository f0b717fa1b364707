import { openBackbone } from '@crystalmath/backbone'
import { consume } from '@crystalmath/bus'
import { isoTime, periodically, runService, systemClock } from '@crystalmath/service'
import { jobsPort } from '@crystalmath/store'
import { config } from './config.ts'
import { parseJob } from './parse-job.ts'
import { readFaulted, sweepUnparsed } from './sweeping.ts'
import { openWorkers } from './workers.ts'

await runService('parser', config.LOG_LEVEL, async (app) => {
  const { log, signal, onClose } = app
  const { bus, store, health } = await openBackbone('parser', config, app)
  const workers = openWorkers(config)
  onClose('workers', workers.close)
  const deps = { store, jobs: jobsPort(store), workers, log, clock: systemClock }

  const listening = consume(
    bus,
    {
      durable: 'parser',
      subject: 'crystalmath.job.state.ended.>',
      // more than there are workers: most of a job's time is the store's and the bus's
      concurrency: config.WORKERS * 8,
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
      await sweepUnparsed(deps, config.SWEEP_GRACE_SECONDS * 1_000, signal)
    },
    (error) => log.error({ err: error }, 'the sweep met an error'),
    signal,
  )
  onClose('sweep', () => sweep.done)
  const again = readFaulted(deps, isoTime(systemClock), signal).catch((error: unknown) =>
    log.error({ err: error }, 'what waits for a mend could not be read again'),
  )
  onClose('again', () => again)
})
