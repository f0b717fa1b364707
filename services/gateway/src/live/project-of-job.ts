import { JobId, ProjectId } from '@crystalmath/contract'
import { findProjectsOfJobs, type Store } from '@crystalmath/store'

const MAX_KNOWN = 100_000

/** Which project a job belongs to; that never changes, so what was asked once is remembered. */
export function openProjectLookUp(store: Store): (jobId: string, said?: unknown) => Promise<ProjectId | null> {
  const known = new Map<string, ProjectId>()
  return async (jobId, said) => {
    const told = ProjectId.safeParse(said)
    const remembered = told.success ? told.data : known.get(jobId)
    if (remembered !== undefined) {
      known.set(jobId, remembered)
      return remembered
    }
    const id = JobId.safeParse(jobId)
    if (!id.success) return null
    const project = (await findProjectsOfJobs(store.db, [id.data])).get(id.data) ?? null
    if (project === null) return null
    if (known.size >= MAX_KNOWN) known.clear()
    known.set(jobId, project)
    return project
  }
}
