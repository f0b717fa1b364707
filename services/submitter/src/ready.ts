import { plan, within } from '@crystalmath/campaigns'
import { type ClusterInventory, carrierOf, slices } from '@crystalmath/contract'
import { type Job, type Picked, pickNext } from '@crystalmath/job'
import { isoTime } from '@crystalmath/service'
import { type HowBatched, startBatch, submitBatch } from './batches.ts'
import { livingPilots, newPilotsFor } from './feeding.ts'
import { takers } from './hand-pilots.ts'
import { showStops } from './stops.ts'
import { showWaiting, start, submit } from './submit.ts'
import type { Work } from './work.ts'

/** Jobs that one plan looks at: as many as an array may hold. */
const MOST_PLANNED = 1_000

/** Batches of single jobs between two plans: who came meanwhile with a higher priority waits no longer than for those. */
const SINGLES_PER_PLAN = 4

/** Batches on their way to one cluster at once. */
const LANES = 2

/** Submits everything that is ready. While one batch is on its way to the cluster the next is prepared: two are under way at most. */
export async function submitReady(work: Work, inventory: ClusterInventory): Promise<void> {
  const underWay = new Set<Promise<void>>()
  let stopped: Planned['stopped'] = null
  for (let isLast = false; !isLast && work.duty.lease.isHeld(); ) {
    const planned = await planReady(work, inventory)
    isLast = planned.isWhole
    stopped = planned.stopped ?? stopped
    for (const launch of planned.launches) {
      if (!work.duty.lease.isHeld()) break
      const send = await launch()
      if (send === null) continue
      const flight: Promise<void> = send().finally(() => underWay.delete(flight))
      flight.catch(() => undefined) // whoever waits for it below hears of it; where nobody gets so far, the trouble is the same
      underWay.add(flight)
      if (underWay.size >= LANES) await Promise.race(underWay)
    }
  }
  await Promise.all(underWay)
  if (stopped !== null) await showStops(work, stopped)
  const pressing = work.pressure.present()
  if (pressing !== null && (await roomFor(work)) <= 0) await showWaiting(work, pressing)
}

const roomFor = async ({ jobs, duty, clock, pressure }: Work): Promise<number> =>
  pressure.room((await jobs.findInFlight(duty.cluster)).ofAccount, clock.monotonicMs())

/** Stores intents; then what remains is to send them. Null: there was nothing to send. */
type Launch = () => Promise<(() => Promise<void>) | null>

type Planned = {
  readonly launches: readonly Launch[]
  readonly isWhole: boolean
  /** Null: the cluster takes no more jobs, so nobody looked. */
  readonly stopped: Picked<Job>['stopped'] | null
}

/** The next jobs by share and priority, as many as the cluster takes, and how they go. `isWhole` unless more may be waiting. */
async function planReady(work: Work, inventory: ClusterInventory): Promise<Planned> {
  const { jobs, duty, config, clock, pressure } = work
  const inFlight = await jobs.findInFlight(duty.cluster)
  const places = Math.min(duty.site.spec.maxInFlight - inFlight.jobs, pressure.room(inFlight.ofAccount, clock.monotonicMs()))
  const living = await livingPilots(work)
  if (places <= 0 && living.length === 0) return { launches: [], isWhole: true, stopped: null }
  const find = (most: number) => jobs.findSubmittable(duty.cluster, isoTime(clock), most)
  const first = living.length > 0 ? [] : await find(Math.min(MOST_PLANNED, places))
  // what runs in a pilot takes no place in the queue, or all of it one
  const isMore =
    living.length > 0 || first.some(({ request }) => request.packing === 'pilot' || duty.site.spec.pilots !== undefined)
  const limit = isMore ? MOST_PLANNED : Math.min(MOST_PLANNED, places)
  const ready = isMore ? await find(limit) : first
  const shares = await jobs.findShares([...new Set(ready.map(({ projectId }) => projectId))], isoTime(clock))
  const { picked, stopped } = pickNext(ready, { limit, coresTaken: inFlight.coresByProject, shares })
  const waiting = picked.map((job) => ({
    job,
    resources: job.resources,
    packing: job.request.packing,
    alone: job.alone ?? false,
    byHand: takers(work, job),
    notInto: (job.lateBatches ?? []).map(carrierOf),
  }))
  const planned = plan(waiting, { ...inventory, pilots: duty.site.spec.pilots }, living)
  const fitting = within(planned, places, (member) => newPilotsFor(work, member))
  // what found no place waits for the next turn
  let isWhole = picked.length < limit || countOf(fitting) < countOf(planned)
  const launches = fitting.flatMap((group): readonly Launch[] => {
    const members = group.jobs.map(({ job }) => job)
    if (group.kind !== 'single') return [batchOf(work, members, inventory, group)]
    const most = SINGLES_PER_PLAN * config.BATCH
    if (members.length > most) isWhole = false
    return slices(members.slice(0, most), config.BATCH).map((some) => singlesOf(work, some, inventory))
  })
  return { launches, isWhole, stopped }
}

const countOf = (groups: readonly { readonly jobs: readonly unknown[] }[]): number =>
  groups.reduce((sum, { jobs }) => sum + jobs.length, 0)

const singlesOf =
  (work: Work, members: readonly Job[], inventory: ClusterInventory): Launch =>
  async () => {
    const started = await Promise.all(members.map((job) => start(work, job, inventory)))
    const intents = started.filter((intent) => intent !== null)
    return intents.length === 0 ? null : () => submit(work, intents)
  }

const batchOf =
  (work: Work, members: readonly Job[], inventory: ClusterInventory, how: HowBatched): Launch =>
  async () => {
    const batch = await startBatch(work, members, inventory, how)
    return batch === null ? null : () => submitBatch(work, batch)
  }
