import {
  type BatchId,
  type Packing,
  type Partition,
  type PilotPolicy,
  partitionFor,
  type Resources,
  slices,
} from '@crystalmath/contract'
import { type Pilot, pilotFor } from './pilot.ts'

/** What planning needs of a job that waits. */
export type Waiting = {
  readonly resources: Resources
  /** Absent: `auto`. */
  readonly packing?: Packing | undefined
  /** A batch with it was refused. */
  readonly alone: boolean
  /** Pilots of people that take it, whatever its packing. */
  readonly byHand?: readonly BatchId[]
  /** Pilots that may still bring an earlier try of it: begun twice by one pilot it would run twice, for its lock knows pilots apart, not tickets. */
  readonly notInto?: readonly BatchId[]
}

/** What of a cluster decides how jobs go into its queue. */
export type PlanFacts = {
  /** Null: it has no arrays, or nobody knows how large they may be. */
  readonly maxArraySize: number | null
  readonly partitions: readonly Partition[]
  /** Absent: nothing goes into a pilot that does not ask for one. */
  readonly pilots?: PilotPolicy | undefined
}

/** A pilot that lives and takes so many more members, each of which asks for the same as those it has. */
export type Living = { readonly id: BatchId; readonly member: Resources; readonly room: number; readonly isByHand?: boolean }

/** Jobs that go into the queue together. `single`: one submission each. */
export type Group<T> = { readonly jobs: readonly T[]; readonly because: string } & (
  | { readonly kind: 'single' }
  | { readonly kind: 'array' }
  | { readonly kind: 'pilot'; readonly pilot: Pilot }
  | { readonly kind: 'feed'; readonly into: BatchId }
)

/** From so many jobs of one shape on an array pays: alone each costs the login node a claim and an `sbatch`, some 40 ms. */
export const LEAST_FOR_ARRAY = 30
/** Members of one array or pilot at most: their inputs are made and sent in one go. */
export const MOST_IN_BATCH = 1_000

/** How waiting jobs, in their order, go into a queue, first of all into pilots that live. Jobs of one shape ask for the same; what they compute does not matter. */
export function plan<T extends Waiting>(
  waiting: readonly T[],
  facts: PlanFacts,
  living: readonly Living[] = [],
): readonly Group<T>[] {
  const shapes = Map.groupBy(waiting, (job) => (mayJoin(job) ? shapeOf(job.resources) : null))
  const groups: Group<T>[] = []
  const singles: T[] = [...(shapes.get(null) ?? [])]
  for (const [shape, jobs] of shapes) {
    if (shape === null) continue
    const inPilots = withPilots(jobs, facts, living)
    const taken = new Set(inPilots.flatMap((group) => group.jobs))
    const others = taken.size === 0 ? jobs : jobs.filter((job) => !taken.has(job))
    const packed = [...inPilots, ...arraysOf(others, facts)]
    const together = new Set(packed.flatMap((group) => group.jobs))
    groups.push(...packed)
    singles.push(...jobs.filter((job) => !together.has(job)))
  }
  const order = new Map(waiting.map((job, index) => [job, index]))
  const place = (job: T | undefined) => (job === undefined ? 0 : (order.get(job) ?? 0))
  singles.sort((a, b) => place(a) - place(b))
  if (singles.length > 0) groups.push({ kind: 'single', jobs: singles, because: whySingle(singles, facts) })
  return groups.sort((a, b) => place(a.jobs[0]) - place(b.jobs[0]))
}

/** So many pilots of one shape may wait in the queue, or as many as run there: whoever is not bound to one of those goes to the first that begins. */
const LEAST_QUEUED_PILOTS = 4

/** How many more pilots for jobs of one shape go into the queue, where some are. */
export const morePilots = ({ queued, begun }: { readonly queued: number; readonly begun: number }): number =>
  Math.max(0, Math.max(LEAST_QUEUED_PILOTS, begun) - queued)

/** As many of them, in their order, as find a place in the queue: each member of an array takes one, a pilot one for all, and whoever is fed to one that
 * lives none. The last group may be cut. `pilots`: how many more of a shape; absent: as many as there are places. */
export function within<T extends Waiting>(
  groups: readonly Group<T>[],
  places: number,
  pilots: (member: Resources) => number = () => Number.POSITIVE_INFINITY,
): readonly Group<T>[] {
  let left = Math.max(0, places)
  const more = new Map<string, number>()
  return groups.flatMap((group): readonly Group<T>[] => {
    if (group.kind === 'feed') return [group]
    const [first] = group.jobs
    if (first === undefined) return []
    if (group.kind === 'pilot') {
      const shape = shapeOf(first.resources)
      const ofShape = more.get(shape) ?? pilots(first.resources)
      const goes = left >= 1 && ofShape >= 1
      more.set(shape, goes ? ofShape - 1 : ofShape)
      if (!goes) return []
      left -= 1
      return [group]
    }
    const jobs = group.jobs.slice(0, left)
    left -= jobs.length
    if (jobs.length === 0) return []
    // one job is no array
    if (group.kind === 'array' && jobs.length === 1) return [{ kind: 'single', jobs, because: group.because }]
    return [{ ...group, jobs }]
  })
}

/** Those that are wanted in a pilot, and by the cluster's policy short ones: of how long a run takes its wall clock is the one estimate that binds. */
function withPilots<T extends Waiting>(jobs: readonly T[], facts: PlanFacts, living: readonly Living[]): readonly Group<T>[] {
  const wanted = (job: T) => job.packing === 'pilot' || isShort(job, facts)
  let left = jobs
  const fed = living.flatMap(({ id, member, room, isByHand = false }): readonly Group<T>[] => {
    const takes = (job: T) => (isByHand ? job.byHand?.includes(id) === true : wanted(job))
    const able = left.filter((job) => takes(job) && shapeOf(member) === shapeOf(job.resources) && !job.notInto?.includes(id))
    const some = able.slice(0, Math.min(room, MOST_IN_BATCH))
    if (some.length === 0) return []
    left = left.filter((job) => !some.includes(job))
    return [{ kind: 'feed', into: id, jobs: some, because: `${some.length} jobs go to a pilot that lives` }]
  })
  left = left.filter(wanted)
  const [asked, short] = [left.filter(({ packing }) => packing === 'pilot'), left.filter(({ packing }) => packing !== 'pilot')]
  if (short.length < LEAST_FOR_ARRAY || facts.pilots === undefined) return [...fed, ...pilotsOf(asked, facts, 'ask for')]
  const { shortSeconds, lastSeconds } = facts.pilots
  const why = `that take ${shortSeconds} s at most may, on this cluster, go into`
  return [...fed, ...pilotsOf(asked, facts, 'ask for'), ...pilotsOf(short, facts, why, lastSeconds)]
}

const isShort = ({ packing = 'auto', resources }: Waiting, { pilots }: PlanFacts): boolean =>
  packing === 'auto' && pilots !== undefined && resources.walltimeSeconds <= pilots.shortSeconds

function pilotsOf<T extends Waiting>(
  wanted: readonly T[],
  { partitions }: PlanFacts,
  why: string,
  lastSeconds?: number,
): readonly Group<T>[] {
  const groups: Group<T>[] = []
  let left = wanted
  while (left.length >= 2) {
    const [first] = left
    const partition = partitionFor(first?.resources.partition, partitions)
    const pilot = first === undefined ? null : pilotFor(first.resources, left.length, partition, lastSeconds)
    if (pilot === null) break
    const some = left.slice(0, Math.min(pilot.most, MOST_IN_BATCH))
    const { slots, lifetimeSeconds } = pilot.shape
    const because = `${some.length} jobs ${why} a pilot: ${slots} side by side on one node, for ${lifetimeSeconds} s at most`
    groups.push({ kind: 'pilot', pilot, jobs: some, because })
    left = left.slice(some.length)
  }
  return groups
}

function arraysOf<T extends Waiting>(jobs: readonly T[], { maxArraySize }: PlanFacts): readonly Group<T>[] {
  const most = Math.min(MOST_IN_BATCH, maxArraySize ?? 0)
  const able = jobs.filter(({ packing }) => packing !== 'pilot')
  const wished = able.filter(({ packing }) => packing === 'array')
  const together = able.length >= LEAST_FOR_ARRAY ? able : wished
  if (most < 2 || together.length < 2) return []
  const why = together === wished ? ', and for an array' : ''
  return slices(together, most).flatMap((some): readonly Group<T>[] =>
    some.length < 2
      ? []
      : [
          {
            kind: 'array',
            jobs: some,
            because: `${some.length} jobs ask for the same${why}; an array here holds ${most} at most`,
          },
        ],
  )
}

/** Whether it may go into the queue with others of its shape. */
export const mayJoin = ({ packing = 'auto', alone }: Waiting): boolean => !alone && packing !== 'single'

/** What jobs of one array have in common: everything that is asked of the batch system. */
export const shapeOf = (resources: Resources): string =>
  JSON.stringify(Object.entries(resources).toSorted(([a], [b]) => (a < b ? -1 : 1)))

/** Each reason with how many it holds for. */
function whySingle(jobs: readonly Waiting[], { maxArraySize }: PlanFacts): string {
  const reasonOf = ({ packing, alone }: Waiting): string => {
    if (alone) return 'were refused together with others'
    if (packing === 'single') return 'are wanted alone'
    if (packing === 'pilot') return 'fit into no pilot'
    if ((maxArraySize ?? 0) < 2) return 'go alone: this cluster has no arrays'
    return `have fewer than ${LEAST_FOR_ARRAY} of their shape waiting, from which on an array pays`
  }
  const counts = [...Map.groupBy(jobs, reasonOf)].map(([reason, some]) => `${some.length} ${reason}`)
  return counts.join('; ')
}
