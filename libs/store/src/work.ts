import type { BatchId, ClusterName, JobId, ProjectId, Status } from '@crystalmath/contract'
import { type Job, type LiveJob, READER } from '@crystalmath/job'
import type { Filter } from 'mongodb'
import { isLimited } from './campaigns/jobs-of-campaign.ts'
import { findCluster } from './clusters.ts'
import { BY_CAMPAIGN_WAITING, BY_CLUSTER } from './indexes.ts'
import { type JobDocument, jobsOf, toJob } from './jobs.ts'
import type { Store } from './open.ts'

const LIVE: readonly Status[] = ['submitting', 'pending', 'running']

/** Jobs without their events. */
export async function jobsWhere(
  store: Store,
  filter: Filter<JobDocument>,
  limit: number,
  sort: Record<string, 1 | -1> = { createdAt: 1 },
): Promise<readonly Job[]> {
  // what a planner likes best may be all jobs by age: with a million of them that is no way to find three
  const hint = 'cluster' in filter && 'status' in filter ? { hint: BY_CLUSTER } : {}
  const documents = await jobsOf(store)
    .find({ ...filter, minReader: { $lte: READER } }, { projection: { events: 0, unpublished: 0 }, ...hint })
    .sort(sort)
    .limit(limit)
    .toArray()
  return documents.map(toJob)
}

/** Those of these ids that there are. */
export const findJobs = (store: Store, ids: readonly JobId[]): Promise<readonly Job[]> =>
  jobsWhere(store, { _id: { $in: [...ids] } }, ids.length)

/** Accepted jobs that may be submitted now: of each project the first `limit` at least, by priority, then age. Not among them: those that wait for
 * another job, those of campaigns that are held or not complete yet, and those beyond what their campaign may have in flight. */
export async function findSubmittable(store: Store, cluster: ClusterName, now: string, limit: number): Promise<readonly Job[]> {
  const accepted = { cluster, status: 'accepted' as Status }
  const { closed, limited } = await isLimited(
    store.db,
    cluster,
    await distinctOf(store, 'campaignId', accepted, BY_CAMPAIGN_WAITING),
  )
  const apart = [...closed, ...limited.keys()]
  const ready: Filter<JobDocument> = {
    ...accepted,
    holds: [],
    cancelRequested: null,
    fencing: null,
    nextActionAt: { $lte: now },
    'waitingFor.kind': { $ne: 'PREDECESSOR' },
  }
  const projects = await distinctOf(store, 'projectId', accepted, BY_CLUSTER)
  const free = projects.map((projectId) =>
    jobsWhere(store, { ...ready, projectId, ...(apart.length === 0 ? {} : { campaignId: { $nin: apart } }) }, limit, FIRST),
  )
  const others = [...limited].map(async ([campaignId, most]) => {
    const inFlight = await jobsOf(store).countDocuments({ cluster, campaignId, status: { $in: [...LIVE] }, end: null })
    return inFlight >= most ? [] : jobsWhere(store, { ...ready, campaignId }, Math.min(limit, most - inFlight), FIRST)
  })
  return (await Promise.all([...free, ...others])).flat()
}

/** The ids in a field, one question for each: what a planner makes of `distinct` may look at every job that was ever stored. */
async function distinctOf<K extends 'campaignId' | 'projectId'>(
  store: Store,
  field: K,
  filter: Filter<JobDocument>,
  hint: string,
): Promise<readonly NonNullable<JobDocument[K]>[]> {
  const values: NonNullable<JobDocument[K]>[] = []
  for (;;) {
    const next = await jobsOf(store)
      .find({ ...filter, [field]: { $gt: values.at(-1) ?? '' } } as Filter<JobDocument>, { projection: { [field]: 1 }, hint })
      .sort({ [field]: 1 })
      .limit(1)
      .next()
    const value = next?.[field]
    if (value == null) return values
    values.push(value)
  }
}

const FIRST = { 'request.priority': -1, createdAt: 1 } as const

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
      'batch.kind': { $ne: 'pilot' },
      $or: [
        { 'holds.0': { $exists: true }, heldInQueue: { $ne: true } },
        { holds: [], heldInQueue: true },
      ],
    },
    limit,
  )

/** Members that a pilot has not begun, as far as is known, and that it shall not begin: their pilot is over, or somebody holds or cancels them. */
export const findRecalling = (store: Store, cluster: ClusterName, limit: number): Promise<readonly Job[]> =>
  jobsWhere(
    store,
    {
      cluster,
      status: { $in: ['submitting', 'pending'] },
      'batch.kind': 'pilot',
      end: null,
      $or: [{ recalled: true }, { cancelRequested: { $ne: null } }, { 'holds.0': { $exists: true } }],
    },
    limit,
  )

/** Attempts that must be proved over: before the next one may go, or of a job that is over, or wanted over, though a try of it may still come. */
export const findFencing = (store: Store, cluster: ClusterName, limit: number): Promise<readonly Job[]> =>
  jobsWhere(store, { cluster, fencing: { $gt: 0 } }, limit)

/** Everything that may be on the cluster and has no proved end, in no order. */
export async function findLive(store: Store, cluster: ClusterName): Promise<readonly LiveJob[]> {
  return await jobsOf(store)
    .find({ cluster, status: { $in: [...LIVE] }, end: null }, { projection: OF_THE_LIVE, hint: BY_CLUSTER, batchSize: 1_000 })
    .map(toLiveJob)
    .toArray()
}

/** One shape for all of them: the driver's own documents need three times as much. */
const toLiveJob = (document: JobDocument): LiveJob => ({
  id: document._id,
  projectId: document.projectId,
  status: document.status,
  attempt: document.attempt,
  tryNumber: document.tryNumber,
  nativeId: document.nativeId,
  batch: document.batch ?? null,
  lateBatches: document.lateBatches ?? NO_BATCHES,
  recalled: document.recalled ?? false,
  mayComeLate: document.mayComeLate ?? false,
  createdAt: document.createdAt,
  claimedAt: document.claimedAt,
  submittedAt: document.submittedAt,
  startedAt: document.startedAt,
  lastSeenAt: document.lastSeenAt,
  absences: document.absences,
  missingSince: document.missingSince,
  end: null,
  waitingFor: document.waitingFor,
  cancelRequested: document.cancelRequested,
})
const NO_BATCHES: readonly never[] = []
const OF_THE_LIVE = {
  ...{ projectId: 1, status: 1, attempt: 1, tryNumber: 1, nativeId: 1, batch: 1, lateBatches: 1, recalled: 1, mayComeLate: 1 },
  ...{
    createdAt: 1,
    claimedAt: 1,
    submittedAt: 1,
    startedAt: 1,
    lastSeenAt: 1,
    absences: 1,
    missingSince: 1,
    waitingFor: 1,
    cancelRequested: 1,
  },
} as const satisfies Partial<Record<keyof LiveJob, 1>>

/** Proved ends whose outputs are still on the cluster. */
export const findUnfetched = (store: Store, cluster: ClusterName, limit: number): Promise<readonly Job[]> =>
  jobsWhere(store, { cluster, status: { $in: [...LIVE] }, end: { $ne: null } }, limit, { updatedAt: 1 })

/** Ended attempts that nobody has parsed, untouched since `before`; not those that wait for a mend of ours. */
export const findUnparsed = (store: Store, before: string, limit: number): Promise<readonly Job[]> =>
  jobsWhere(
    store,
    { status: 'ended', resultId: null, updatedAt: { $lte: before }, 'waitingFor.kind': { $ne: 'PARSER_FAULT' } },
    limit,
    { updatedAt: 1 },
  )

/** Ended attempts that a fault of ours kept from being read, untouched since `before`: a page of them by id, those after one. */
export const findFaulted = (
  store: Store,
  { before, after }: { readonly before: string; readonly after?: JobId | undefined },
  limit: number,
): Promise<readonly Job[]> => {
  const later = after === undefined ? {} : { _id: { $gt: after } }
  const faulted = { status: 'ended', resultId: null, updatedAt: { $lt: before }, 'waitingFor.kind': 'PARSER_FAULT' } as const
  return jobsWhere(store, { ...faulted, ...later }, limit, { _id: 1 })
}

/** Parsed attempts that wait for a decision on recovery, untouched since `before`. */
export const findUndecided = (store: Store, before: string, limit: number): Promise<readonly Job[]> =>
  jobsWhere(store, { status: 'ended', resultId: { $ne: null }, updatedAt: { $lte: before } }, limit, { updatedAt: 1 })

/** What of a cluster our jobs have that are in its queue or on their way there. */
export type InFlight = {
  /** A pilot is one of them, whatever it runs. */
  readonly jobs: number
  /** All of the account's, those that people submitted by hand too, as far as somebody looked. */
  readonly ofAccount: number
  readonly coresByProject: ReadonlyMap<ProjectId, number>
}

export async function findInFlight(store: Store, cluster: ClusterName): Promise<InFlight> {
  const groups = await jobsOf(store)
    .aggregate<{ _id: { project: ProjectId; pilot: BatchId | null }; jobs: number; cores: number }>(
      [
        { $match: { cluster, status: { $in: [...LIVE] }, end: null } },
        {
          $group: {
            _id: {
              project: '$projectId',
              pilot: { $cond: [{ $eq: ['$batch.kind', 'pilot'] }, { $ifNull: ['$batch.into', '$batch.id'] }, null] },
            },
            jobs: { $sum: 1 },
            cores: { $sum: { $multiply: ['$resources.ranks', '$resources.threadsPerRank'] } },
          },
        },
      ],
      { hint: BY_CLUSTER },
    )
    .toArray()
  const alone = groups.filter(({ _id }) => _id.pilot === null).reduce((sum, one) => sum + one.jobs, 0)
  const jobs = alone + new Set(groups.flatMap(({ _id }) => _id.pilot ?? [])).size
  const coresByProject = new Map<ProjectId, number>()
  for (const { _id, cores } of groups) coresByProject.set(_id.project, (coresByProject.get(_id.project) ?? 0) + cores)
  return {
    jobs,
    ofAccount: jobs + ((await findCluster(store, cluster))?.foreignJobs ?? 0),
    coresByProject,
  }
}
