import { type Living, morePilots, roomIn, shapeOf } from '@crystalmath/campaigns'
import type { BatchId, HandPilotView, Resources } from '@crystalmath/contract'
import type { Batch } from '@crystalmath/store'
import { handPilotsThatTake } from './hand-pilots.ts'
import type { Work } from './work.ts'

/** Pilots of one cluster as this replica remembers them. What it forgets costs a refused feed at most: the pilot itself has the last word. */
export type Pilots = {
  readonly seen: Map<BatchId, Remembered>
  /** They take nobody: a feed was refused, or members came back that they had not begun. */
  readonly closed: Set<BatchId>
  /** Those that people start, as they were seen last. */
  byHand: readonly HandPilotView[]
  /** When that was, by the monotonic clock. */
  lookedMs: number
}

export const unknownPilots = (): Pilots => ({
  seen: new Map(),
  closed: new Set(),
  byHand: [],
  lookedMs: Number.NEGATIVE_INFINITY,
})

type Remembered = {
  readonly batch: Batch | null
  /** Since then a member of it ran, ms since the epoch; null: none has begun. */
  beganMs: number | null
  /** When it last had members, by the monotonic clock. */
  seenMs: number
  live: number
  /** Members that it was given by this process, and those it was submitted with. */
  fed: number
}

/** A pilot waits so long for more before it ends; a feed is on its way for some of that. */
const IDLE_MS = 22_000

/** Pilots that may take more members, with those that ran out of them a moment ago. */
export async function livingPilots(work: Work): Promise<readonly Living[]> {
  const { jobs, duty, clock } = work
  const { seen, closed } = work.pilots
  const now = clock.monotonicMs()
  const found = await jobs.findLivingPilots(duty.cluster)
  for (const { id, live, firstStartedAt } of found) {
    const known = seen.get(id) ?? (await firstSight(work, id))
    const startedMs = firstStartedAt === null ? null : Date.parse(firstStartedAt)
    seen.set(id, { ...known, live, seenMs: now, beganMs: known.beganMs ?? startedMs })
  }
  const present = new Set(found.map(({ id }) => id))
  for (const [id, known] of seen) {
    if (!present.has(id)) known.live = 0
    // members that are over in a moment are never seen to run
    if (known.fed > known.live) known.beganMs ??= clock.now()
    if (now - known.seenMs > IDLE_MS) seen.delete(id)
  }
  const ours = [...seen].flatMap(([id, { batch, beganMs, live, fed }]) => {
    if (batch?.pilot == null || batch.member === undefined || closed.has(id)) return []
    const beganSeconds = beganMs === null ? null : (clock.now() - beganMs) / 1_000
    const room = roomIn(batch.pilot, { live, beganSeconds, ended: Math.max(0, fed - live) })
    return room === 0 ? [] : [{ id, member: batch.member, room }]
  })
  // whoever has an allocation of his own goes first: it costs no place in the queue
  return [...handPilotsThatTake(work, new Map(found.map(({ id, live }) => [id, live]))), ...ours]
}

async function firstSight({ jobs, clock }: Work, id: BatchId): Promise<Remembered> {
  const batch = await jobs.findBatch(id)
  return { batch, beganMs: null, seenMs: clock.monotonicMs(), live: 0, fed: batch?.members.length ?? 0 }
}

/** How many more pilots for what asks for that may go into the queue, by those that were seen last. */
export function newPilotsFor({ pilots: { seen, closed } }: Pick<Work, 'pilots'>, member: Resources): number {
  const shape = shapeOf(member)
  let [queued, begun] = [0, 0]
  for (const [id, { batch, live, beganMs }] of seen) {
    if (batch?.member === undefined || shapeOf(batch.member) !== shape) continue
    if (beganMs === null) queued += 1
    else if (live > 0 || !closed.has(id)) begun += 1
  }
  return morePilots({ queued, begun })
}

/** So many go there; they may be over before anybody looks again. */
export function notePilotFed({ pilots: { seen }, clock }: Pick<Work, 'pilots' | 'clock'>, id: BatchId, count: number): void {
  const known = seen.get(id)
  if (known === undefined) return
  known.fed += count
  known.seenMs = clock.monotonicMs()
}

/** Nobody is sent there any more. */
export function notePilotClosed({ pilots: { closed } }: Pick<Work, 'pilots'>, id: BatchId): void {
  if (closed.size > MOST_CLOSED) closed.clear()
  closed.add(id)
}

const MOST_CLOSED = 10_000
