import { openBackbone } from '@crystalmath/backbone'
import { ask, consume } from '@crystalmath/bus'
import { askSubject, FilesAnswer } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import { isoTime, periodically, runService, systemClock } from '@crystalmath/service'
import { findUndecided, jobsPort } from '@crystalmath/store'
import { config } from './config.ts'
import { recover } from './recover.ts'

await runService('recovery', config.LOG_LEVEL, async (app) => {
  const { log, signal, onClose } = app
  const { bus, store, health } = await openBackbone('recovery', config, app)
  const filesOf = async ({ id, attempt, cluster }: Job) =>
    FilesAnswer.parse(await ask(bus, askSubject('job.files', cluster), { jobId: id, attempt }))
  const deps = { jobs: jobsPort(store), filesOf, log, clock: systemClock }

  const listening = consume(
    bus,
    {
      durable: 'recovery',
      subject: 'crystalmath.job.recovery.>',
      handle: (event) => recover(deps, event.data.jobId, event.data.attempt),
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
      for (const job of await findUndecided(store, before, 200)) await recover(deps, job.id, job.attempt)
    },
    (error) => log.error({ err: error }, 'the sweep met an error'),
    signal,
  )
  onClose('sweep', () => sweep.done)
})
