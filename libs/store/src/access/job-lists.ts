import type { CampaignId, CampaignWord, ClusterName, CodeName, JobCounts, JobId, ProjectId, Status } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import type { Db, Filter } from 'mongodb'
import { wordsFilter } from '../campaigns/words.ts'
import { type JobDocument, toJob } from '../jobs.ts'
import { remembered } from '../remembered.ts'

/** Which jobs to list; absent members do not filter. */
export type JobQuery = {
  /** Null: of every project. */
  readonly projects: readonly ProjectId[] | null
  readonly clusters?: readonly ClusterName[] | undefined
  readonly statuses?: readonly Status[] | undefined
  readonly words?: readonly CampaignWord[] | undefined
  readonly codes?: readonly CodeName[] | undefined
  readonly campaignId?: CampaignId | undefined
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly name?: string | undefined
  readonly held?: boolean | undefined
  /** Created at or after, ISO. */
  readonly since?: string | undefined
}

/** Where a page ends: lists go from the newest job to the oldest. */
export type JobCursor = { readonly createdAt: string; readonly id: JobId }

const jobs = (db: Db) => db.collection<JobDocument>('jobs')

const anyOf = (field: string, values: readonly string[] | undefined) =>
  values === undefined || values.length === 0 ? {} : { [field]: values.length === 1 ? values[0] : { $in: values } }

function filterOf(query: JobQuery, after?: JobCursor): Filter<JobDocument> {
  const labels = Object.entries(query.labels ?? {}).map(([key, value]) => ({ [`request.labels.${key}`]: value }))
  const conditions: object[] = [
    query.projects === null ? {} : { projectId: { $in: [...query.projects] } },
    anyOf('cluster', query.clusters),
    anyOf('status', query.statuses),
    query.words === undefined || query.words.length === 0 ? {} : wordsFilter(query.words),
    anyOf('code', query.codes),
    query.campaignId === undefined ? {} : { campaignId: query.campaignId },
    query.name === undefined ? {} : { name: { $regex: query.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), $options: 'i' } },
    query.held === undefined ? {} : query.held ? { 'holds.0': { $exists: true } } : { holds: [] },
    query.since === undefined ? {} : { createdAt: { $gte: query.since } },
    after === undefined
      ? {}
      : { $or: [{ createdAt: { $lt: after.createdAt } }, { createdAt: after.createdAt, _id: { $lt: after.id } }] },
    ...labels,
  ].filter((condition) => Object.keys(condition).length > 0)
  return conditions.length === 0 ? {} : ({ $and: conditions } as Filter<JobDocument>)
}

/** One page, the newest first; the next one begins after the last of it. */
export async function listJobs(
  db: Db,
  query: JobQuery,
  page: { readonly after?: JobCursor | undefined; readonly limit: number },
): Promise<readonly Job[]> {
  const documents = await jobs(db)
    .find(filterOf(query, page.after), { projection: { events: 0, unpublished: 0 } })
    .sort({ createdAt: -1, _id: -1 })
    .limit(page.limit)
    .toArray()
  return documents.map(toJob)
}

/** How many jobs of each status; of many, as it was a second per 20,000 of them ago. */
export const countJobs = (db: Db, query: JobQuery): Promise<JobCounts> =>
  remembered(
    db,
    `jobs ${JSON.stringify(query)}`,
    () => countNow(db, query),
    ({ total }) => ({ total, isLive: true }),
  )

async function countNow(db: Db, query: JobQuery): Promise<JobCounts> {
  const filter = filterOf(query)
  // of everything: over the keys of an index, not over the jobs
  const options = Object.keys(filter).length === 0 ? { hint: 'by-project-status' } : {}
  const groups = await jobs(db)
    .aggregate<{ _id: Status; count: number }>([{ $match: filter }, { $group: { _id: '$status', count: { $sum: 1 } } }], options)
    .toArray()
  const byStatus = Object.fromEntries(groups.map(({ _id, count }) => [_id, count]))
  return { total: groups.reduce((sum, { count }) => sum + count, 0), byStatus }
}

/** The jobs of these ids that exist, with the project of each. */
export async function findProjectsOfJobs(db: Db, ids: readonly JobId[]): Promise<ReadonlyMap<JobId, ProjectId>> {
  if (ids.length === 0) return new Map()
  const documents = await jobs(db)
    .find({ _id: { $in: [...ids] } }, { projection: { projectId: 1 } })
    .toArray()
  return new Map(documents.map(({ _id, projectId }) => [_id, projectId]))
}
