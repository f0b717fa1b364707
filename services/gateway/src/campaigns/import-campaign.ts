import { randomUUID } from 'node:crypto'
import { campaignIdFrom } from '@crystalmath/campaigns'
import type { CampaignCreated, CampaignHead, CampaignId } from '@crystalmath/contract'
import {
  type CampaignDocument,
  changeCampaign,
  findCampaign,
  insertCampaign,
  listProjects,
  recordAudit,
  removeCampaign,
  touchCampaign,
} from '@crystalmath/store'
import { checkProjects } from '../checking/check-rows.ts'
import { conflict, HttpProblem, invalid } from '../http/problem.ts'
import type { Call } from '../http/route.ts'
import { toCampaignView } from './campaign-view.ts'
import { createStaged } from './create-staged.ts'
import type { Incoming } from './read-table.ts'
import { type Staged, stageAll } from './stage-rows.ts'

type Importing = Pick<Call<unknown, unknown>, 'deps' | 'caller' | 'idempotency' | 'requestId'> & {
  readonly skipBad: boolean
  readonly dryRun: boolean
}

/** An import without a sign of life for so long was given up: a repetition takes it over. */
const GIVEN_UP_MS = 60_000

/** Checks and stages all rows, then makes jobs of them, then opens the campaign. With an Idempotency-Key, the same request again goes on where it broke off. */
export async function importCampaign(call: Importing, incoming: Incoming): Promise<CampaignCreated> {
  const { deps, caller, idempotency, dryRun } = call
  const { template } = incoming.head
  const projects = caller.user.admin ? await listProjects(deps.store.db) : caller.projects
  checkProjects({ user: caller.user, projects }, [template], true)
  const id = campaignIdFrom(idempotency ?? randomUUID())
  if (dryRun) return answerOf(null, await stageAll({ ...call, id, isNew: false }, incoming), [])
  const before = await begin(call, id, incoming.head)
  if (before !== null && before.bodyHash !== null) return await repeat(call, before, incoming)
  const staged = await stageOrForget({ ...call, id, isNew: before === null }, incoming)
  const { columns, ...report } = staged
  const whole = { columns: [...columns], rows: staged.accepted, bodyHash: incoming.digest(), report }
  const campaign = await changeCampaign(deps.store.db, id, whole)
  if (campaign === null) throw new TypeError('a campaign that is being imported is there')
  const made = await createStaged(deps, campaign)
  await recordAudit(deps.store.db, {
    at: deps.now().toISOString(),
    user: caller.user.id,
    action: 'POST /v1/campaigns',
    target: id,
    detail: { rows: staged.accepted, project: template.project },
    requestId: call.requestId,
  })
  return answerOf(await toCampaignView(deps.store, made.campaign), staged, made.reused)
}

/** Stores the campaign, or takes over one that broke off; the campaign as it was, null if it is new. */
async function begin({ deps, caller }: Importing, id: CampaignId, head: CampaignHead): Promise<CampaignDocument | null> {
  const now = deps.now()
  const { project, cluster, code } = head.template
  const isNew = await insertCampaign(deps.store.db, {
    _id: id,
    name: head.name,
    project,
    cluster,
    code,
    user: caller.user.id,
    createdAt: now.toISOString(),
    state: 'importing',
    held: head.held ? { by: caller.user.id, at: now.toISOString(), reason: 'held since it was made' } : null,
    maxInFlight: head.maxInFlight ?? null,
    duplicates: head.duplicates,
    rows: 0,
    columns: [],
    head,
    bodyHash: null,
    touchedAt: now.toISOString(),
    report: {},
  })
  if (isNew) return null
  const before = await findCampaign(deps.store.db, id)
  if (before === null || before.state !== 'importing') return before
  const limit = new Date(now.getTime() - GIVEN_UP_MS).toISOString()
  if (await touchCampaign(deps.store.db, id, now.toISOString(), limit)) return before
  throw conflict(`campaign ${id} is being imported; ask again in a moment`, { 'retry-after': '5' })
}

/** Every row was staged before: the same table makes what is missing, another one is refused. */
async function repeat({ deps }: Importing, before: CampaignDocument, incoming: Incoming): Promise<CampaignCreated> {
  let rows = 0
  for await (const some of incoming.rows) rows += some.length // its digest is known at its end
  if (rows === 0 || incoming.digest() !== before.bodyHash) {
    throw new HttpProblem({
      title: 'Idempotency-Key used before',
      status: 422,
      detail: 'the Idempotency-Key belongs to another campaign; use a new key for a new one',
    })
  }
  const { campaign, reused } = before.state === 'importing' ? await createStaged(deps, before) : { campaign: before, reused: [] }
  return answerOf(await toCampaignView(deps.store, campaign), before.report as Omit<Staged, 'columns'>, reused)
}

async function stageOrForget(
  call: Importing & { readonly id: CampaignId; readonly isNew: boolean },
  incoming: Incoming,
): Promise<Staged> {
  try {
    const staged = await stageAll(call, incoming)
    const { accepted, skippedCount, skipped } = staged
    if (skippedCount > 0 && !call.skipBad) {
      const errors = skipped.flatMap(({ row, errors: some }) => some.map((problem) => ({ ...problem, row })))
      throw invalid(`${skippedCount} of ${accepted + skippedCount} rows are wrong; nothing was created`, errors)
    }
    if (accepted === 0)
      throw invalid(
        'the table has no row that could become a job',
        skipped.flatMap(({ errors: some }) => some),
      )
    return staged
  } catch (error) {
    await removeCampaign(call.deps.store.db, call.id)
    throw error
  }
}

function answerOf(
  campaign: CampaignCreated['campaign'],
  staged: Omit<Staged, 'columns'>,
  reused: CampaignCreated['reused'],
): CampaignCreated {
  const { accepted, skippedCount, skipped, repeated, warnings, plan } = staged
  const report = { campaign, accepted, skippedCount, skipped, reused: reused.slice(0, 1_000), repeated, warnings }
  return plan === undefined ? report : { ...report, plan }
}
