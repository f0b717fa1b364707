import type { JobId, Status } from '@crystalmath/contract'
import type { Db } from 'mongodb'
import type { JobDocument } from '../jobs.ts'

const jobs = (db: Db) => db.collection<JobDocument>('jobs')

/** Held jobs whose holds have all run out. */
export async function findExpiredHolds(db: Db, now: string, limit: number): Promise<readonly JobId[]> {
  const lasting = { $elemMatch: { $or: [{ until: null }, { until: { $gt: now } }] } }
  const documents = await jobs(db)
    .find({ 'holds.until': { $lte: now }, holds: { $not: lasting } }, { projection: { _id: 1 } })
    .limit(limit)
    .toArray()
  return documents.map(({ _id }) => _id)
}

/** A job that waits for another one. */
export type Successor = { readonly id: JobId; readonly after: JobId }

/** Jobs that wait for another one, by id: all of them, or those that wait for one job. The next page begins after the last of this one. */
export async function findSuccessors(db: Db, of: JobId | null, limit: number, from?: JobId): Promise<readonly Successor[]> {
  const filter = {
    ...(of === null ? {} : { 'request.after': of }),
    ...(from === undefined ? {} : { _id: { $gt: from } }),
    status: 'accepted' as Status,
    'waitingFor.kind': 'PREDECESSOR' as const,
  }
  const documents = await jobs(db)
    .find(filter, { projection: { 'request.after': 1 }, hint: of === null ? 'waiting-by-id' : 'by-predecessor' })
    .sort({ _id: 1 })
    .limit(limit)
    .toArray()
  return documents.flatMap(({ _id, request: { after } }) => (after === undefined ? [] : [{ id: _id, after }]))
}

/** The status of each of these jobs that exists. */
export async function findStatuses(db: Db, ids: readonly JobId[]): Promise<ReadonlyMap<JobId, Status>> {
  if (ids.length === 0) return new Map()
  const documents = await jobs(db)
    .find({ _id: { $in: [...ids] } }, { projection: { status: 1 } })
    .toArray()
  return new Map(documents.map(({ _id, status }) => [_id, status]))
}
