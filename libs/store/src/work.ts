import type { ClusterName, Status } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import type { Filter } from 'mongodb'
import { isLimited } from './campaigns/jobs-of-campaign.ts'
import { type JobDocument, jobsOf, toJob } from './jobs.ts'
import type { Store } from './open.ts'

const LIVE: readonly Status[] = ['submitting', 'pending', 'running']

async function jobsWhere(
  store: Store,
  filter: Filter<JobDocument>,
  limit: number,
  sort: Record<string, 1 | -1> = { createdAt: 1 },
): Promise<readonly Job[]> {
  const documents = await jobsOf(store)
    .find(filter, { projection: { events: 0, unpublished: 0 } })
    .sort(sort)
    .limit(limit)
    .toArray()
  return documents.map(toJob)
}

/** Accepted jobs that may be submitted now, by priority, then age. Not among them: those that wait for another job, those of campaigns that are
 * held or not complete yet, and those beyond what their campaign may have in flight. */
export async function findSubmittable(store: Store, cluster: ClusterName, now: string, limit: number): Promise<readonly Job[]> {
  const { closed, limited } = await isLimited(store.db, cluster)
  const apart = [...closed, ...limited.keys()]
  const ready: Filter<JobDocument> = {
    cluster,
    status: 'accepted',
    holds: [],
    cancelRequested: null,
    fencing: null,
    nextActionAt: { $lte: now },
    'waitingFor.kind': { $ne: 'PREDECESSOR' },
  }
  const free = await jobsWhere(store, apart.length === 0 ? ready : { ...ready, campaignId: { $nin: apart } }, limit, FIRST)
  const others = await Promise.all(
    [...limited].map(async ([campaignId, most]) => {
      const inFlight = await jobsOf(store).countDocuments({ campaignId, status: { $in: [...LIVE] }, end: null })
      return inFlight >= most ? [] : jobsWhere(store, { ...ready, campaignId }, Math.min(limit, most - inFlight), FIRST)
    }),
  )
  return others.length === 0 ? free : [...free, ...others.flat()].sort(firstFirst).slice(0, limit)
}

const FIRST = { 'request.priority': -1, createdAt: 1 } as const

const firstFirst = (a: Job, b: Job): number =>
  b.request.priority - a.request.priority || (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0)

/** Submissions whose answer is not in, since before `claimedBefore`, that are to be looked up now. */
export const findUnanswered = (
  store: Store,
  cluster: ClusterName,
  { claimedBefore, now }: { readonly claimedBefore: string; readonly now: string },
  limit: number,
): Promise<readonly Job[]> =>
  jobsWhere(
    store,
    {
      cluster,
      status: 'submitting',
      claimedAt: { $lte: claimedBefore },
      $or: [{ nextActionAt: null }, { nextActionAt: { $lte: now } }],
    },
    limit,
  )

/** Jobs that somebody wants cancelled and that may still be on the cluster. */
export const findCancelling = (store: Store, cluster: ClusterName, limit: number): Promise<readonly Job[]> =>
  jobsWhere(store, { cluster, status: { $in: ['accepted', ...LIVE] }, cancelRequested: { $ne: null }, end: null }, limit)

/** Pending jobs whose hold in the queue is not what is wanted: held by somebody and not yet there, or released and still held there. */
export const findHolding = (store: Store, cluster: ClusterName, limit: number): Promise<readonly Job[]> =>
  jobsWhere(
    store,
    {
      cluster,
      status: 'pending',
      end: null,
      cancelRequested: null,
      $or: [
        { 'holds.0': { $exists: true }, heldInQueue: { $ne: true } },
        { holds: [], heldInQueue: true },
      ],
    },
    limit,
  )

/** Next attempts that wait until an earlier one is proved over. */
export const findFencing = (store: Store, cluster: ClusterName, limit: number): Promise<readonly Job[]> =>
  jobsWhere(store, { cluster, status: 'accepted', fencing: { $ne: null } }, limit)

/** Everything that may be on the cluster and has no proved end. */
export const findLive = (store: Store, cluster: ClusterName): Promise<readonly Job[]> =>
  jobsWhere(store, { cluster, status: { $in: [...LIVE] }, end: null }, 1_000_000)

/** Proved ends whose outputs are still on the cluster. */
export const findUnfetched = (store: Store, cluster: ClusterName, limit: number): Promise<readonly Job[]> =>
  jobsWhere(store, { cluster, status: { $in: [...LIVE] }, end: { $ne: null } }, limit, { updatedAt: 1 })

/** Ended attempts that nobody has parsed, untouched since `before`. */
export const findUnparsed = (store: Store, before: string, limit: number): Promise<readonly Job[]> =>
  jobsWhere(store, { status: 'ended', resultId: null, updatedAt: { $lte: before } }, limit, { updatedAt: 1 })

/** Parsed attempts that wait for a decision on recovery, untouched since `before`. */
export const findUndecided = (store: Store, before: string, limit: number): Promise<readonly Job[]> =>
  jobsWhere(store, { status: 'ended', resultId: { $ne: null }, updatedAt: { $lte: before } }, limit, { updatedAt: 1 })

/** How many of our jobs are in the cluster's queue or on their way there. */
export const countInFlight = (store: Store, cluster: ClusterName): Promise<number> =>
  jobsOf(store).countDocuments({ cluster, status: { $in: [...LIVE] }, end: null })
