import type { Bus } from '@crystalmath/bus'
import type { Duty } from '@crystalmath/duty'
import { type Clock, periodically } from '@crystalmath/service'
import { findInstallation, type JobsPort, type Store } from '@crystalmath/store'
import { answerForCluster } from './answers.ts'
import type { PollerConfig } from './config.ts'
import { checkCluster, isIll } from './doctor.ts'
import { openFetching } from './fetching.ts'
import { openReconciling } from './reconciling.ts'
import { schedule } from './schedule.ts'
import type { ReadSettings } from './settings.ts'
import { settleAccounts } from './settling.ts'
import { openWatching } from './watching.ts'

/** What watching, reconciling and fetching need. */
export type Reads = {
  readonly jobs: JobsPort
  readonly duty: Duty
  readonly config: ReadSettings
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
    const doctor = periodically(config.DOCTOR_AGAIN_SECONDS * 1_000, () => lookAgain(work), fail, signal)
    const settling = periodically(config.SETTLE_SECONDS * 1_000, () => settleAccounts(work), fail, signal)
    await Promise.all([fetching.done, reconciling.done, watching.done, timers, doctor.done, settling.done])
  } finally {
    stop.abort()
    leave()
  }
  if (trouble !== undefined) throw trouble
}

/** The nightly look is too late for a cluster that waits to be mended. */
async function lookAgain(work: Work): Promise<void> {
  const { duty, config, jobs } = work
  const inventory = (await jobs.findCluster(duty.cluster))?.inventory
  const isDue =
    inventory != null &&
    isIll(inventory) &&
    work.clock.now() - Date.parse(inventory.checkedAt) > config.DOCTOR_AGAIN_SECONDS * 500
  if (isDue) await checkCluster(work, { onlyIfOlderThanMs: 0 })
}
