import type { Duty } from '@crystalmath/duty'
import { periodically } from '@crystalmath/service'
import { findCluster, findInstallation, type Store, saveClusterWait } from '@crystalmath/store'
import type { Bells } from './bells.ts'
import { cancelWanted } from './cancel.ts'
import type { SubmitterConfig } from './config.ts'
import { fencePredecessors } from './fence.ts'
import { submitReady } from './submit.ts'
import { settleUnanswered } from './unanswered.ts'

export type Work = { readonly store: Store; readonly duty: Duty; readonly config: SubmitterConfig; readonly bells: Bells }

/** One cluster's write side while the lease is held: each turn cancels, fences, settles silent submissions, then submits what is ready. Throws where the cluster is away. */
export async function serveWrites(work: Work): Promise<void> {
  const { duty, store, config, bells } = work
  const { site, cluster, signal } = duty
  await site.takeRoot(await findInstallation(store))
  await saveClusterWait(store, cluster, null)

  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  let trouble: unknown
  const turn = async () => {
    if (!duty.lease.isHeld()) return stop.abort()
    const view = await findCluster(store, cluster)
    if (view?.inventory == null) return // nothing is submitted before the doctor has been there
    await cancelWanted(work)
    await fencePredecessors(work)
    await settleUnanswered(work)
    await submitReady(work, view.inventory)
  }
  const loop = periodically(
    config.SWEEP_SECONDS * 1_000,
    turn,
    (error) => {
      trouble = error
      stop.abort()
    },
    either,
  )
  bells.listen(cluster, loop.wake, either)
  await loop.done
  if (trouble !== undefined) throw trouble
}
