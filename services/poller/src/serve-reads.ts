import { periodically } from '@crystalmath/service'
import { findInstallation } from '@crystalmath/store'
import { answerForCluster } from './answers.ts'
import { checkCluster, isIll, isSilent } from './doctor.ts'
import { openFetching } from './fetching.ts'
import { makePulse } from './pulse.ts'
import { openReconciling } from './reconciling.ts'
import { schedule } from './schedule.ts'
import { settleAccounts } from './settling.ts'
import { openWatching } from './watching.ts'
import type { Work } from './work.ts'

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
    const doctor = periodically(BACK_MS, () => lookAgain(work), fail, signal)
    const settling = periodically(config.SETTLE_SECONDS * 1_000, () => settleAccounts(work), fail, signal)
    const pulse = periodically(config.PULSE_SECONDS * 1_000, makePulse(work).turn, fail, signal)
    await Promise.all([pulse.done, fetching.done, reconciling.done, watching.done, timers, doctor.done, settling.done])
  } finally {
    stop.abort()
    leave()
  }
  if (trouble !== undefined) throw trouble
}

/** How often a scheduler that did not answer the doctor is asked whether it is back. */
const BACK_MS = 2_000

/** The nightly look is too late for a cluster that waits to be mended: the doctor comes again after a while, and as soon as a silent scheduler answers. */
async function lookAgain({ duty, config, jobs, clock, ...work }: Work): Promise<void> {
  const inventory = (await jobs.findCluster(duty.cluster))?.inventory
  if (inventory == null || !isIll(inventory)) return
  const ageMs = clock.now() - Date.parse(inventory.checkedAt)
  const isDue =
    ageMs > config.DOCTOR_AGAIN_SECONDS * 1_000 ||
    (isSilent(inventory) && ageMs > BACK_MS / 2 && (await duty.site.listQueue()).complete)
  if (isDue) await checkCluster({ duty, config, jobs, clock, ...work }, { onlyIfOlderThanMs: 0 })
}
