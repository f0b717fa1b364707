import type { JobId, Status } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import type { Db } from 'mongodb'
import { type JobDocument, toJob } from '../jobs.ts'

const jobs = (db: Db) => db.collection<JobDocument>('jobs')
const WITHOUT_EVENTS = { events: 0, unpublished: 0 } as const

/** Held jobs whose holds have all run out. */
export async function findExpiredHolds(db: Db, now: string, limit: number): Promise<readonly JobId[]> {
  const lasting = { $elemMatch: { $or: [{ until: null }, { until: { $gt: now } }] } }
  const documents = await jobs(db)
    .find({ 'holds.until': { $lte: now }, holds: { $not: lasting } }, { projection: { _id: 1 } })
    .limit(limit)
    .toArray()
  return documents.map(({ _id }) => _id)
}

/** Jobs that wait for another one: all of them, or those that wait for one job. */
export async function findSuccessors(db: Db, of: JobId | null, limit: number): Promise<readonly Job[]> {
  const filter = {
    ...(of === null ? {} : { 'request.after': of }),
    status: 'accepted' as Status,
    'waitingFor.kind': 'PREDECESSOR' as const,
  }
  const documents = await jobs(db).find(filter, { projection: WITHOUT_EVENTS }).limit(limit).toArray()
  return documents.map(toJob)
}

/** The status of each of these jobs that exists. */
export async function findStatuses(db: Db, ids: readonly JobId[]): Promise<ReadonlyMap<JobId, Status>> {
  if (ids.length === 0) return new Map()
  const documents = await jobs(db)
    .find({ _id: { $in: [...ids] } }, { projection: { status: 1 } })
    .toArray()
  return new Map(documents.map(({ _id, status }) => [_id, status]))
}
