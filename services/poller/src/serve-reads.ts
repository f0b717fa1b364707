import type { Bus } from '@crystalmath/bus'
import type { Duty } from '@crystalmath/duty'
import type { Clock } from '@crystalmath/service'
import { findInstallation, type JobsPort, type Store } from '@crystalmath/store'
import { answerForCluster } from './answers.ts'
import type { PollerConfig } from './config.ts'
import { checkCluster } from './doctor.ts'
import { openFetching } from './fetching.ts'
import { openReconciling } from './reconciling.ts'
import { schedule } from './schedule.ts'
import { openWatching } from './watching.ts'

/** What watching, reconciling and fetching need. */
export type Reads = {
  readonly jobs: JobsPort
  readonly duty: Duty
  readonly config: Pick<
    PollerConfig,
    | 'GATHER_SECONDS'
    | 'ACCOUNTING_SECONDS'
    | 'CAUSE_SECONDS'
    | 'ABSENCES'
    | 'ABSENCE_SECONDS'
    | 'SENTINEL_SECONDS'
    | 'FETCH_BATCH'
  >
  readonly clock: Clock
}
export type Work = Reads & { readonly store: Store; readonly bus: Bus; readonly config: PollerConfig }

/** One cluster's read side while the lease is held. Throws where the cluster is away; then all of it begins again. */
export async function serveReads(work: Work): Promise<void> {
  const { duty, store, config } = work
  const stop = new AbortController()
  const signal = AbortSignal.any([duty.signal, stop.signal])
  let trouble: unknown
  const fail = (error: unknown) => {
    trouble ??= error
    stop.abort()
  }
  const leave = answerForCluster(work, signal)
  try {
    await duty.site.takeRoot(await findInstallation(store))
    await checkCluster(work, { onlyIfOlderThanMs: 86_400_000 })
    await work.jobs.saveClusterWait(duty.cluster, null)
    const fetching = openFetching(work, signal, fail)
    const reconciling = openReconciling(work, fetching, signal, fail)
    const watching = await openWatching(work, fetching, reconciling, signal, fail)
    const timers = schedule({
      signal,
      onTick: reconciling.tick,
      doctorCron: config.DOCTOR_CRON,
      onDoctor: () => void checkCluster(work, { onlyIfOlderThanMs: 0 }).catch(fail),
    })
    await Promise.all([fetching.done, reconciling.done, watching.done, timers])
  } finally {
    stop.abort()
    leave()
  }
  if (trouble !== undefined) throw trouble
}
