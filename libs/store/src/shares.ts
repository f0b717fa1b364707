import type { ProjectId } from '@crystalmath/contract'
import type { ProjectShare } from '@crystalmath/job'
import { listProjectsById } from './access/projects.ts'
import { findSpent } from './charges.ts'
import type { JobDocument } from './jobs.ts'
import type { Store } from './open.ts'

/** What these projects may have of an account, as of now. */
export async function findShares(
  store: Store,
  ids: readonly ProjectId[],
  now: string,
): Promise<ReadonlyMap<ProjectId, ProjectShare>> {
  const projects = await listProjectsById(store.db, ids)
  const limited = projects.flatMap(({ id, budgetCoreHours }) => (budgetCoreHours === null ? [] : [id]))
  const [spent, reserved] =
    limited.length === 0 ? [] : await Promise.all([findSpent(store, limited, now), findReserved(store, limited)])
  return new Map(
    projects.map(({ id, weight, budgetCoreHours }) => {
      const used = (spent?.get(id) ?? 0) + (reserved?.get(id) ?? 0)
      return [id, { weight, coreHoursLeft: budgetCoreHours === null ? null : budgetCoreHours - used }]
    }),
  )
}

/** What attempts that are on any cluster, or on their way, may still cost: their wall clocks on all their cores, core-hours. */
export async function findReserved(
  { db }: Pick<Store, 'db'>,
  ids: readonly ProjectId[],
): Promise<ReadonlyMap<ProjectId, number>> {
  const groups = await db
    .collection<JobDocument>('jobs')
    .aggregate<{ _id: ProjectId; coreSeconds: number }>([
      { $match: { projectId: { $in: [...ids] }, status: { $in: ['submitting', 'pending', 'running'] } } },
      {
        $group: {
          _id: '$projectId',
          coreSeconds: { $sum: { $multiply: ['$resources.ranks', '$resources.threadsPerRank', '$resources.walltimeSeconds'] } },
        },
      },
    ])
    .toArray()
  return new Map(groups.map(({ _id, coreSeconds }) => [_id, coreSeconds / 3_600]))
}
