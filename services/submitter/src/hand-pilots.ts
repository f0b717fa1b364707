import { type Living, roomIn, takes } from '@crystalmath/campaigns'
import { type BatchId, type HandPilotView, handPilotShape } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import { isoTime } from '@crystalmath/service'
import type { Work } from './work.ts'

/** Between two looks at what people started, ms. */
const LOOK_MS = 5_000
/** Nobody waits longer for one that was never started. */
const OPEN_MS = 7 * 86_400_000

/** Looks at pilots of people: sends their scripts, and notes what they say. */
export async function tendHandPilots({ jobs, duty, clock, pilots }: Work): Promise<void> {
  const now = clock.monotonicMs()
  if (now - pilots.lookedMs < LOOK_MS) return
  pilots.lookedMs = now
  const open = await jobs.findOpenHandPilots(duty.cluster, isoTime(clock, -OPEN_MS))
  const plans = open.map(({ id, member, maxJobs = null }) => ({ id, member, maxJobs }))
  const sights = open.length === 0 ? new Map<BatchId, HandPilotView['sight']>() : await duty.site.tendPilots(plans)
  pilots.byHand = open.map((pilot) => ({ ...pilot, sight: sights.get(pilot.id) ?? pilot.sight }))
  for (const { id, sight } of pilots.byHand) await jobs.saveHandPilotSight(id, sight)
}

/** Those that take jobs. `live`: how many of a pilot's jobs are not over. */
export const handPilotsThatTake = ({ clock, pilots }: Work, live: ReadonlyMap<BatchId, number>): readonly Living[] =>
  pilots.byHand.flatMap(({ id, member, maxJobs, sight }) => {
    const { state, slots, endsSeconds, begun } = sight
    if (state !== 'running' || slots === null || endsSeconds === null || pilots.closed.has(id)) return []
    const there = live.get(id) ?? 0
    const shape = { ...handPilotShape(member), slots, lifetimeSeconds: endsSeconds - clock.now() / 1_000 }
    const room = Math.min(
      roomIn(shape, { live: there, beganSeconds: null }),
      (maxJobs ?? Number.POSITIVE_INFINITY) - begun - there,
    )
    return room > 0 ? [{ id, member, room, isByHand: true }] : []
  })

/** Which of them take this job. */
export const takers = ({ pilots }: Work, job: Job): readonly BatchId[] =>
  pilots.byHand.filter((pilot) => takes(pilot, job)).map(({ id }) => id)
