import { BulkCreate, BulkCreated, CampaignId, JobRequest, JobView } from '@crystalmath/contract'
import { findJob } from '@crystalmath/store'
import { z } from 'zod'
import type { BadRow, GoodRow } from '../checking/check-row.ts'
import { checkRows } from '../checking/check-rows.ts'
import { checkPredecessors } from '../checking/predecessors.ts'
import { createAll } from '../creating/create-all.ts'
import { invalid, tooLarge } from '../http/problem.ts'
import { type Answer, type Call, created, ok, type Route, route } from '../http/route.ts'
import { problemsOf } from '../http/zod-problems.ts'
import { toJobView } from '../views/job-view.ts'
import { flag } from './query.ts'

const MAX_ROWS = 10_000
const MAX_ERRORS_PER_ROW = 20
const MAX_PLANNED = 100
const Query = z.object({ skipBad: flag.default(false), dryRun: flag.default(false) })
/** Rows are checked one by one. */
const Envelope = z.strictObject({ jobs: z.array(z.unknown()).min(1), campaignId: CampaignId.optional() })
type CreateCall = Call<z.infer<typeof Query>, unknown>

export const createJobRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/v1/jobs',
    tag: 'jobs',
    summary: 'Create one job, or up to 10 000 in one call',
    description:
      'One job answers with the job; an array, or { "jobs": […] }, answers with ids by row. Every row is checked first, down to its rendered ' +
      'inputs, and nothing is created unless all rows are good; ?skipBad=true leaves bad rows out, ?dryRun=true creates nothing. ' +
      'With an Idempotency-Key, ids are derived from key and body: a repetition after a lost answer makes nothing twice.',
    allow: 'user',
    query: Query,
    body: z.union([JobRequest, BulkCreate, z.array(JobRequest).min(1).max(MAX_ROWS)]),
    bodyIsChecked: false,
    answers: {
      201: { description: 'Created', schema: z.union([JobView, BulkCreated]) },
      200: { description: 'Checked only', schema: BulkCreated },
    },
    handle: create,
  }),
]

async function create(call: CreateCall): Promise<Answer> {
  const { deps, caller, query } = call
  const { rows, campaignId, isOne } = readRows(call.body)
  const checked = await checkPredecessors(deps.store, await checkRows(deps, caller, rows, isOne))
  const good = checked.filter((row): row is GoodRow => row.ok)
  const bad = checked.filter((row): row is BadRow => !row.ok)
  if (bad.length > 0 && !(query.skipBad && !isOne)) throw refusal(rows.length, bad, isOne)
  const made = query.dryRun ? [] : await createAll(call, good, campaignId)
  const [only] = made
  if (isOne && only !== undefined) {
    const job = await findJob(deps.store, only.id)
    if (job !== null) return created(toJobView(job), `/v1/jobs/${job.id}`)
  }
  const answer: BulkCreated = {
    jobs: made,
    skipped: bad.map(({ row, problems }) => ({ row, errors: problems.slice(0, MAX_ERRORS_PER_ROW) })),
    accepted: good.length,
    warnings: good.flatMap(({ warnings }) => warnings).slice(0, 1_000),
  }
  return query.dryRun ? ok({ ...answer, planned: good.slice(0, MAX_PLANNED).map(plannedOf) }) : { status: 201, body: answer }
}

const plannedOf = ({ row, inForce: { resources, estimate } }: GoodRow): NonNullable<BulkCreated['planned']>[number] => ({
  row,
  resources,
  estimate,
})

/** One job, an array, or `{ jobs }`. */
function readRows(body: unknown): {
  readonly rows: readonly unknown[]
  readonly campaignId: CampaignId | null
  readonly isOne: boolean
} {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body)
  if (isObject && !('jobs' in body)) return { rows: [body], campaignId: null, isOne: true }
  if (!isObject && !Array.isArray(body)) {
    throw invalid('the body is neither a job nor a list of jobs', [
      {
        path: '',
        value: JSON.stringify(body).slice(0, 100),
        message: 'is no job',
        mend: 'send an object, an array, or { "jobs": [...] }',
      },
    ])
  }
  const envelope = isObject ? body : { jobs: body }
  const parsed = Envelope.safeParse(envelope)
  if (!parsed.success) throw invalid('see errors', problemsOf(parsed.error, envelope, Envelope))
  if (parsed.data.jobs.length > MAX_ROWS)
    throw tooLarge(`${parsed.data.jobs.length} jobs are more than ${MAX_ROWS} per call; send several calls`)
  return { rows: parsed.data.jobs, campaignId: parsed.data.campaignId ?? null, isOne: false }
}

function refusal(count: number, bad: readonly BadRow[], isOne: boolean) {
  const errors = bad.flatMap(({ problems }) => problems)
  if (isOne)
    return invalid(
      'the job was not created; see errors',
      errors.map(({ row: _, ...problem }) => problem),
    )
  return invalid(`${bad.length} of ${count} rows are wrong; nothing was created`, errors)
}
