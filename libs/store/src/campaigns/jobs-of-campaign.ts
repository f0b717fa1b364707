import type { CampaignId, ClusterName, JobId } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import type { Db } from 'mongodb'
import { type JobDocument, toJob } from '../jobs.ts'
import { campaignsOf } from './campaigns.ts'
import type { CampaignRow } from './rows.ts'

const jobs = (db: Db) => db.collection<JobDocument>('jobs')

/** What those campaigns say of their own jobs on a cluster: those of which none may be sent, and those of which only so many may. */
export async function isLimited(
  db: Db,
  cluster: ClusterName,
  ids: readonly CampaignId[],
): Promise<{ readonly closed: readonly CampaignId[]; readonly limited: ReadonlyMap<CampaignId, number> }> {
  const found = await campaignsOf(db)
    .find(
      {
        _id: { $in: [...ids] },
        cluster,
        $or: [{ state: { $ne: 'open' } }, { held: { $ne: null } }, { maxInFlight: { $ne: null } }],
      },
      { projection: { state: 1, held: 1, maxInFlight: 1 } },
    )
    .toArray()
  const isClosed = ({ state, held }: (typeof found)[number]) => state !== 'open' || held !== null
  return {
    closed: found.filter(isClosed).map(({ _id }) => _id),
    limited: new Map(
      found.flatMap((one) => (isClosed(one) || one.maxInFlight === null ? [] : [[one._id, one.maxInFlight] as const])),
    ),
  }
}

/** Kinds of energy that the completed jobs of a campaign hold. */
export async function energyKindsOf(db: Db, campaignId: CampaignId): Promise<readonly string[]> {
  const kinds = await jobs(db).distinct('summary.energyKind', { campaignId, status: 'completed' })
  return kinds.filter((kind): kind is NonNullable<typeof kind> => typeof kind === 'string').toSorted((a, b) => (a < b ? -1 : 1))
}

/** Jobs by id, without their events. */
export async function findJobsById(db: Db, ids: readonly JobId[]): Promise<ReadonlyMap<JobId, Job>> {
  const documents = await jobs(db)
    .find({ _id: { $in: [...ids] } }, { projection: { events: 0, unpublished: 0 } })
    .toArray()
  return new Map(documents.map((document) => [document._id, toJob(document)]))
}

/** The row of each job that has one. */
export async function findRowsOf(db: Db, ids: readonly JobId[]): Promise<ReadonlyMap<JobId, number>> {
  const rows = await db
    .collection<CampaignRow>('campaign-rows')
    .find({ _id: { $in: [...ids] } }, { projection: { row: 1 } })
    .toArray()
  return new Map(rows.map(({ _id, row }) => [_id, row]))
}

/** Gives all jobs of a campaign that are not sent yet another priority, in one write. */
export async function reprioritize(db: Db, campaignId: CampaignId, priority: number): Promise<number> {
  const { modifiedCount } = await jobs(db).updateMany({ campaignId, status: 'accepted' }, {
    $set: { 'request.priority': priority },
    $inc: { version: 1 },
  } as never)
  return modifiedCount
}
