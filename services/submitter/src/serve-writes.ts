import { periodically } from '@crystalmath/service'
import { findInstallation, type Store } from '@crystalmath/store'
import { askWhetherBack } from './back.ts'
import type { Bells } from './bells.ts'
import { cancelWanted } from './cancel.ts'
import { unknownPilots } from './feeding.ts'
import { fencePredecessors } from './fence.ts'
import { tendHandPilots } from './hand-pilots.ts'
import { keepHolds } from './hold.ts'
import { illnessOf } from './illness.ts'
import { openPressure } from './pressure.ts'
import { submitReady } from './ready.ts'
import { recallMembers } from './recall.ts'
import type { WriteSettings } from './settings.ts'
import { unknownStops } from './stops.ts'
import { showWaiting } from './submit.ts'
import { settleUnanswered } from './unanswered.ts'
import type { Work } from './work.ts'

/** What a replica that begins knows of earlier turns: nothing. */
export const emptyMemory = ({
  REFUSED_RETRY_SECONDS,
  BATCH,
}: WriteSettings): Pick<Work, 'lastAsked' | 'pressure' | 'stops' | 'pilots' | 'unseen'> => ({
  lastAsked: new Map(),
  pressure: openPressure(REFUSED_RETRY_SECONDS * 1_000, BATCH),
  stops: unknownStops(),
  pilots: unknownPilots(),
  unseen: new Map(),
})

/** One cluster's write side while the lease is held: each turn cancels, fences, settles silent submissions, then submits what is ready. Throws where the cluster is away. */
export async function serveWrites(idle: Work, store: Store, bells: Bells): Promise<void> {
  const { duty, jobs, config } = idle
  const { site, cluster, signal } = duty
  await site.takeRoot(await findInstallation(store))
  await jobs.saveClusterWait(cluster, null)
  const { jobs: learnt } = await jobs.findBudget(site.spec)
  const work = { ...idle, pressure: openPressure(config.REFUSED_RETRY_SECONDS * 1_000, config.BATCH, learnt) }

  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  let trouble: unknown
  const turn = async () => {
    if (!duty.lease.isHeld()) return stop.abort()
    await writeTurn(work)
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

/** What the holder of the write lease does again and again. */
export async function writeTurn(work: Work): Promise<void> {
  const view = await work.jobs.findCluster(work.duty.cluster)
  if (view?.inventory == null) return // nothing is submitted before the doctor has been there
  await cancelWanted(work)
  await fencePredecessors(work)
  await recallMembers(work)
  await settleUnanswered(work)
  await keepHolds(work)
  await askWhetherBack(work)
  await tendHandPilots(work)
  const illness = illnessOf(view.inventory)
  if (illness === null) await submitReady(work, view.inventory)
  else await showWaiting(work, illness)
  const limit = work.pressure.news()
  if (limit !== undefined) await work.jobs.saveBudget(work.duty.site.spec, { jobs: limit })
}
