import type { ClusterName, CodeName, Estimate, ProjectId } from '@crystalmath/contract'
import { coresOf, type Job, usedCoreHours } from '@crystalmath/job'
import type { JobDocument } from './jobs.ts'
import type { Store } from './open.ts'

/** What a finished run was estimated to need by its code's law, and what it did need. */
export type FinishedRun = Pick<Estimate, 'kind' | 'coreSeconds' | 'mebibytes'> & {
  readonly cores: number
  readonly usedCoreSeconds: number
  /** In all ranks; null where its code does not say it. */
  readonly usedMebibytes: number | null
}

/** Later ones count more: codes and nodes change. */
const MOST = 300

/** The latest runs of a project on one cluster that were completed at their first attempt, without a restart that had done a part before. */
export async function findFinishedRuns(
  { db }: Pick<Store, 'db'>,
  of: { readonly project: ProjectId; readonly cluster: ClusterName; readonly code: CodeName },
): Promise<readonly FinishedRun[]> {
  const jobs = await db
    .collection<JobDocument>('jobs')
    .find({
      ...{ projectId: of.project, cluster: of.cluster, code: of.code },
      ...{ status: 'completed', attempt: 1, 'estimate.coreSeconds': { $gt: 0 } },
    })
    .project<Pick<Job, 'estimate' | 'resources' | 'startedAt' | 'end' | 'summary'>>({
      estimate: 1,
      resources: 1,
      startedAt: 1,
      end: 1,
      summary: 1,
    })
    .sort({ createdAt: -1 })
    .limit(MOST)
    .toArray()
  return jobs.flatMap((job) => {
    const { estimate, resources, summary } = job
    const usedCoreSeconds = 3_600 * usedCoreHours(job)
    if (estimate == null || usedCoreSeconds <= 0) return []
    const { kind, coreSeconds, mebibytes } = estimate
    const ofRank = summary?.maxMemoryMebibytes ?? null
    const usedMebibytes = ofRank === null ? null : ofRank * resources.ranks
    return [{ kind, coreSeconds, mebibytes, cores: coresOf(resources), usedCoreSeconds, usedMebibytes }]
  })
}
