import type { ProjectId } from '@crystalmath/contract'
import type { ProjectShare } from '@crystalmath/job'
import { listProjectsById } from './access/projects.ts'
import type { Store } from './open.ts'

/** What these projects may have of an account, as of now. */
export async function findShares(store: Store, ids: readonly ProjectId[]): Promise<ReadonlyMap<ProjectId, ProjectShare>> {
  const projects = await listProjectsById(store.db, ids)
  return new Map(projects.map(({ id, weight }) => [id, { weight, coreHoursLeft: null }]))
}
