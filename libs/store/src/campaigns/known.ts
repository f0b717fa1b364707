import type { ClusterName, CodeName, JobId, ProjectId } from '@crystalmath/contract'
import type { Db } from 'mongodb'
import type { JobDocument } from '../jobs.ts'
import type { Store } from '../open.ts'
import { findResult } from '../results.ts'

const jobs = (db: Db) => db.collection<JobDocument>('jobs')

/** A job that computes, or has computed, something. */
export type KnownJob = { readonly id: JobId; readonly status: JobDocument['status']; readonly resultId: string | null }

/** Jobs of a project by what they compute, completed ones before others; what recovery altered, failed or cancelled ones do not count. */
export async function findKnownCalculations(
  db: Db,
  projectId: ProjectId,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, KnownJob>> {
  if (hashes.length === 0) return new Map()
  const found = await jobs(db)
    .find(
      {
        calculationHash: { $in: [...hashes] },
        projectId,
        'origin.altered': false,
        status: { $nin: ['failed', 'cancelled'] },
        cancelRequested: null,
      },
      { projection: { calculationHash: 1, status: 1, resultId: 1 } },
    )
    .toArray()
  const known = new Map<string, KnownJob>()
  for (const { _id, status, resultId, calculationHash } of found) {
    if (calculationHash == null) continue
    if (status === 'completed' || !known.has(calculationHash)) known.set(calculationHash, { id: _id, status, resultId })
  }
  return known
}

/** The version of a code that its newest completed job on a cluster ran with; null where none tells. */
export async function newestCodeVersion(store: Store, cluster: ClusterName, code: CodeName): Promise<string | null> {
  const [newest] = await jobs(store.db)
    .find({ cluster, code, status: 'completed', resultId: { $ne: null } }, { projection: { resultId: 1 } })
    .sort({ createdAt: -1, _id: -1 })
    .limit(1)
    .toArray()
  return newest?.resultId == null ? null : ((await findResult(store, newest.resultId))?.codeVersion ?? null)
}
