import { JobCounts, JobId, JobPage, JobView, type ProjectId } from '@crystalmath/contract'
import { countJobs, findAccounts, type JobCursor, type JobQuery, listJobs } from '@crystalmath/store'
import { z } from 'zod'
import { badRequest, notFound } from '../http/problem.ts'
import { type Caller, ok, type Route, route } from '../http/route.ts'
import { jobFor, readableProjects, roleIn } from '../permissions.ts'
import { toJobView } from '../views/job-view.ts'
import { jobFilters, page } from './query.ts'

const Filters = z.object(jobFilters)
type Filters = z.infer<typeof Filters>

/** Filters as the store takes them; only projects that the caller may read. */
function toQuery(
  caller: Caller,
  { project, cluster, status, word, code, campaign, label, name, held, since }: Filters,
): JobQuery {
  return {
    projects: projectsAsked(caller, project),
    clusters: cluster,
    statuses: status,
    words: word,
    codes: code,
    campaignId: campaign,
    name,
    held,
    since,
    labels: Object.fromEntries(
      (label ?? []).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    ),
  }
}

/** Other people's projects look as if they were not there. */
export function projectsAsked(caller: Caller, asked: readonly ProjectId[] | undefined): readonly ProjectId[] | null {
  if (asked === undefined || asked.length === 0) return readableProjects(caller)
  const strange = asked.find((project) => roleIn(caller, project) === null)
  if (strange !== undefined) throw notFound(`there is no project "${strange}" that you belong to`)
  return asked
}

const toCursor = ({ createdAt, id }: JobCursor): string => Buffer.from(`${createdAt}|${id}`).toString('base64url')

function readCursor(text: string): JobCursor {
  const [createdAt = '', id] = Buffer.from(text, 'base64url').toString('utf8').split('|')
  const parsed = z.object({ createdAt: z.iso.datetime(), id: JobId }).safeParse({ createdAt, id })
  if (!parsed.success) throw badRequest(`the cursor "${text}" is none of ours; give "next" of the page before as it is`)
  return parsed.data
}

export const listJobRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/jobs',
    tag: 'jobs',
    summary: 'List jobs, the newest first',
    allow: 'user',
    query: z.object({ ...jobFilters, ...page }),
    answers: { 200: { description: 'One page', schema: JobPage } },
    handle: async ({ deps, caller, query: { cursor, limit, ...filters } }) => {
      const after = cursor === undefined ? undefined : readCursor(cursor)
      const jobs = await listJobs(deps.store.db, toQuery(caller, filters), { after, limit: limit + 1 })
      const last = jobs[limit - 1]
      const next = jobs.length > limit && last !== undefined ? toCursor(last) : null
      return ok({ items: jobs.slice(0, limit).map(toJobView), next })
    },
  }),
  route({
    method: 'get',
    path: '/v1/jobs/counts',
    tag: 'jobs',
    summary: 'How many jobs there are of each status',
    allow: 'user',
    query: Filters,
    answers: { 200: { description: 'Counts', schema: JobCounts } },
    handle: async ({ deps, caller, query }) => ok(await countJobs(deps.store.db, toQuery(caller, query))),
  }),
  route({
    method: 'get',
    path: '/v1/jobs/{id}',
    tag: 'jobs',
    summary: 'One job',
    description: 'The ETag changes with every change of the job; If-None-Match answers 304 while it is the same.',
    allow: 'user',
    answers: { 200: { description: 'The job', schema: JobView }, 304: { description: 'Unchanged' } },
    handle: async ({ deps, caller, params, header }) => {
      const job = await jobFor(deps, caller, params['id'], 'viewer')
      const accounts = await findAccounts(deps.store, job)
      // accounting settles what an attempt cost without a change of the job
      const settled = accounts.filter(({ isFinal }) => isFinal).length
      const etag = settled === 0 ? `"${job.version}"` : `"${job.version}.${settled}"`
      const known = header('if-none-match')
      if (known === '*' || known?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag))
        return { status: 304, headers: { etag } }
      return ok({ ...toJobView(job), accounts }, { etag, 'cache-control': 'private, no-cache' })
    },
  }),
]
