import {
  type AccountedMemory,
  type ClusterName,
  type CodeName,
  type Estimate,
  type ProjectId,
  type Resources,
  tokenOf,
} from '@crystalmath/contract'
import { coresOf, type Job, usedCoreHours } from '@crystalmath/job'
import { findMemories } from './charges.ts'
import type { JobDocument } from './jobs.ts'
import type { Store } from './open.ts'

/** What a finished run was estimated to need by its code's law, and what it did need. */
export type FinishedRun = Pick<Estimate, 'kind' | 'coreSeconds' | 'mebibytes'> & {
  readonly cores: number
  readonly usedCoreSeconds: number
  /** In all ranks; null where neither its code nor accounting says it. */
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
    .project<Pick<Job, 'id' | 'estimate' | 'resources' | 'startedAt' | 'end' | 'summary'>>({
      id: 1,
      estimate: 1,
      resources: 1,
      startedAt: 1,
      end: 1,
      summary: 1,
    })
    .sort({ createdAt: -1 })
    .limit(MOST)
    .toArray()
  const memories = await findMemories(
    { db },
    jobs.map(({ id }) => tokenOf(id, 1)),
  )
  return jobs.flatMap((job) => {
    const { estimate, resources, summary } = job
    const usedCoreSeconds = 3_600 * usedCoreHours(job)
    if (estimate == null || usedCoreSeconds <= 0) return []
    const { kind, coreSeconds, mebibytes } = estimate
    const ofRank = summary?.maxMemoryMebibytes ?? null
    const said = ofRank === null ? 0 : ofRank * resources.ranks
    const used = Math.max(said, accounted(resources, memories.get(tokenOf(job.id, 1))))
    return [{ kind, coreSeconds, mebibytes, cores: coresOf(resources), usedCoreSeconds, usedMebibytes: used > 0 ? used : null }]
  })
}

/** Schedulers take a sample every half minute: of a shorter run they may have seen next to nothing. */
const SEEN_SECONDS = 120

/** In all ranks on one node; 0 where that is not known. What ranks on other nodes took is told for some launchers and not for others. */
function accounted({ nodes, ranks }: Resources, memory: AccountedMemory | undefined): number {
  if (memory === undefined || nodes !== 1 || memory.seconds < SEEN_SECONDS) return 0
  return Math.max(memory.batchMebibytes ?? 0, (memory.taskMebibytes ?? 0) * ranks)
}
