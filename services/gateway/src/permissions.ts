import { type JobId, JobId as JobIdSchema, type ProjectId, type Role, roleCovers } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import { findJob } from '@crystalmath/store'
import type { Deps } from './deps.ts'
import { forbidden, notFound } from './http/problem.ts'
import type { Caller } from './http/route.ts'

/** The caller's role in a project; null if it is none of his. Administrators are owners of all. */
export function roleIn({ user, projects }: Caller, project: ProjectId): Role | null {
  if (user.admin) return 'owner'
  const members = projects.find(({ id }) => id === project)?.members ?? []
  return members.find((member) => member.user === user.id)?.role ?? null
}

/** Projects that the caller may read; null: all of them. */
export const readableProjects = ({ user, projects }: Caller): readonly ProjectId[] | null =>
  user.admin ? null : projects.map(({ id }) => id)

/** Other people's projects look as if they were not there; in one's own, a missing right is named. */
export function requireRole(caller: Caller, project: ProjectId, needed: Role): void {
  const role = roleIn(caller, project)
  if (role === null) throw notFound(`there is no project "${project}" that you belong to`)
  if (!roleCovers(role, needed)) throw forbidden(`you are ${role} of project "${project}"; this needs ${needed}`)
}

/** A job that the caller may see, and act on as `needed` says. */
export async function jobFor({ store }: Deps, caller: Caller, id: string | undefined, needed: Role): Promise<Job> {
  const parsed = JobIdSchema.safeParse(id)
  const job = parsed.success ? await findJob(store, parsed.data as JobId) : null
  if (job === null || roleIn(caller, job.projectId) === null) throw notFound(`there is no job "${id}" in your projects`)
  requireRole(caller, job.projectId, needed)
  return job
}
