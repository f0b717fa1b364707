import type { ProjectId } from '@crystalmath/contract'
import { coresOf, reservedCoreHours } from './core-hours.ts'
import type { Job } from './job.ts'

/** What picking looks at. */
export type Pickable = Pick<Job, 'id' | 'projectId' | 'createdAt' | 'resources'> & {
  readonly request: Pick<Job['request'], 'priority'>
}

/** What a project may have of an account. */
export type ProjectShare = {
  /** Twice the weight, twice the cores while both have work. */
  readonly weight: number
  /** Core-hours that are neither spent nor reserved; null: there is no budget. */
  readonly coreHoursLeft: number | null
}

export type Picking = {
  /** At most so many. */
  readonly limit: number
  /** Cores of each project's jobs that are on the account or on their way. */
  readonly coresTaken: ReadonlyMap<ProjectId, number>
  /** Absent: of weight 1, without a budget. */
  readonly shares: ReadonlyMap<ProjectId, ProjectShare>
}

export type Picked<T> = {
  /** In the order in which they are to be sent. */
  readonly picked: readonly T[]
  /** The first job of each project that its budget stopped, and what the project had left for it then. */
  readonly stopped: readonly { readonly job: T; readonly coreHoursLeft: number }[]
}

/** By priority, then age, then id: the order inside a project. */
export const isBefore = (a: Pickable, b: Pickable): number =>
  b.request.priority - a.request.priority || compare(a.createdAt, b.createdAt) || compare(a.id, b.id)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const UNLIMITED: ProjectShare = { weight: 1, coreHoursLeft: null }

type Queue<T> = {
  readonly projectId: ProjectId
  readonly weight: number
  readonly jobs: readonly T[]
  at: number
  cores: number
  left: number | null
  isStopped: boolean
}

/**
 * Who is sent next. Each time the project that has the fewest cores for its weight, and of it the first job by priority and age: so a job is never passed over
 * for being large. A project whose next job may cost more than its budget has left sends nothing more: a smaller one behind it would let it wait for ever.
 * Pure: `ready` holds the first `limit` jobs of every project, at least.
 */
export function pickNext<T extends Pickable>(ready: readonly T[], { limit, coresTaken, shares }: Picking): Picked<T> {
  const queues = [...Map.groupBy(ready, ({ projectId }) => projectId)].map(([projectId, jobs]): Queue<T> => {
    const { weight, coreHoursLeft } = shares.get(projectId) ?? UNLIMITED
    const cores = coresTaken.get(projectId) ?? 0
    return { projectId, weight, jobs: jobs.toSorted(isBefore), at: 0, cores, left: coreHoursLeft, isStopped: false }
  })
  const picked: T[] = []
  const stopped: { job: T; coreHoursLeft: number }[] = []
  while (picked.length < limit) {
    const queue = neediest(queues)
    const job = queue?.jobs[queue.at]
    if (queue === undefined || job === undefined) break
    const cost = reservedCoreHours(job.resources)
    if (queue.left !== null && cost > queue.left) {
      queue.isStopped = true
      stopped.push({ job, coreHoursLeft: Math.max(0, queue.left) })
      continue
    }
    picked.push(job)
    queue.at += 1
    queue.cores += coresOf(job.resources)
    if (queue.left !== null) queue.left -= cost
  }
  // whose turn did not come is stopped all the same
  for (const { isStopped, left, jobs, at } of queues) {
    const job = jobs[at]
    if (!isStopped && left !== null && job !== undefined && reservedCoreHours(job.resources) > left)
      stopped.push({ job, coreHoursLeft: Math.max(0, left) })
  }
  return { picked, stopped }
}

/** Of equal need, the heavier; then whose first job is older. */
function neediest<T extends Pickable>(queues: readonly Queue<T>[]): Queue<T> | undefined {
  let best: Queue<T> | undefined
  for (const queue of queues) {
    if (queue.isStopped || queue.at >= queue.jobs.length) continue
    if (best === undefined || need(queue, best) < 0) best = queue
  }
  return best
}

function need<T extends Pickable>(a: Queue<T>, b: Queue<T>): number {
  const [first, second] = [a.jobs[a.at], b.jobs[b.at]]
  return (
    a.cores / a.weight - b.cores / b.weight ||
    b.weight - a.weight ||
    compare(first?.createdAt ?? '', second?.createdAt ?? '') ||
    compare(a.projectId, b.projectId)
  )
}
