import type { Packing, Resources } from '@crystalmath/contract'

/** What planning needs of a job that waits. */
export type Waiting = {
  readonly resources: Resources
  /** Absent: `auto`. */
  readonly packing?: Packing | undefined
  /** A batch with it was refused. */
  readonly alone: boolean
}

/** What of a cluster decides how jobs go into its queue. */
export type PlanFacts = {
  /** Null: it has no arrays, or nobody knows how large they may be. */
  readonly maxArraySize: number | null
}

/** Jobs that go into the queue together. `single`: one submission each. */
export type Group<T> = { readonly kind: 'single' | 'array'; readonly jobs: readonly T[]; readonly because: string }

/** From so many jobs of one shape on an array pays: alone each costs the login node a claim and an `sbatch`, some 40 ms. */
export const LEAST_FOR_ARRAY = 30
/** Members of one array at most: their inputs are made and sent in one go. */
export const MOST_IN_ARRAY = 1_000

/** How waiting jobs, in their order, go into a queue. Jobs of one shape ask for the same; what they compute does not matter. */
export function plan<T extends Waiting>(waiting: readonly T[], facts: PlanFacts): readonly Group<T>[] {
  const most = Math.min(MOST_IN_ARRAY, facts.maxArraySize ?? 0)
  const shapes = Map.groupBy(waiting, (job) => (mayJoin(job, most) ? shapeOf(job.resources) : null))
  const groups: Group<T>[] = []
  const singles: T[] = [...(shapes.get(null) ?? [])]
  for (const [shape, jobs] of shapes) {
    if (shape === null) continue
    const wished = jobs.filter(({ packing }) => packing === 'array')
    const together = jobs.length >= LEAST_FOR_ARRAY ? jobs : wished
    if (together.length < 2) singles.push(...jobs)
    else {
      for (const some of chunks(together, most)) groups.push(arrayOf(some, most, together === wished))
      singles.push(...(together === jobs ? [] : jobs.filter((job) => !wished.includes(job))))
    }
  }
  const order = new Map(waiting.map((job, index) => [job, index]))
  const place = (job: T | undefined) => (job === undefined ? 0 : (order.get(job) ?? 0))
  singles.sort((a, b) => place(a) - place(b))
  if (singles.length > 0) groups.push({ kind: 'single', jobs: singles, because: whySingle(singles.length, most) })
  return groups.sort((a, b) => place(a.jobs[0]) - place(b.jobs[0]))
}

const mayJoin = ({ packing = 'auto', alone }: Waiting, most: number): boolean => !alone && packing !== 'single' && most >= 2

/** What jobs of one array have in common: everything that is asked of the batch system. */
const shapeOf = (resources: Resources): string =>
  JSON.stringify(Object.entries(resources).toSorted(([a], [b]) => (a < b ? -1 : 1)))

const chunks = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size))

const arrayOf = <T>(jobs: readonly T[], most: number, isWished: boolean): Group<T> => ({
  kind: jobs.length > 1 ? 'array' : 'single',
  jobs,
  because: `${jobs.length} jobs ask for the same${isWished ? ', and for an array' : ''}; an array here holds ${most} at most`,
})

const whySingle = (count: number, most: number): string =>
  most < 2
    ? 'this cluster has no arrays'
    : `${count} jobs that are wanted alone, were refused together, or of whose shape fewer than ${LEAST_FOR_ARRAY} wait`
