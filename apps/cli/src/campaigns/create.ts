import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { openClient } from '@crystalmath/client'
import type { CampaignCreated, CampaignHeadInput, PlannedGroup } from '@crystalmath/contract'
import { type ConnectionFlags, findLogin } from '../connection.ts'
import { EXIT, formatProblem, UsageError } from '../exit.ts'
import { readJson } from '../json-file.ts'
import { formatTable } from '../output/table.ts'
import { print, printJson, remark } from '../output/text.ts'
import { sourceOf } from './source.ts'
import { type WorkflowCounts, workflowSource } from './workflow-db.ts'

export type CreateFlags = ConnectionFlags & {
  readonly template: string
  readonly name?: string
  readonly project?: string
  readonly cluster?: string
  readonly geometryColumn?: string
  readonly geometryFormat?: string
  readonly chargeColumn?: string
  readonly spinColumn?: string
  readonly multiplicityColumn?: string
  readonly nameColumn?: string
  readonly maxInFlight?: number
  readonly duplicates?: string
  readonly held?: boolean
  readonly skipBad?: boolean
  readonly dryRun?: boolean
  readonly plan?: boolean
  readonly packing?: string
  readonly idempotencyKey?: string
  readonly json?: boolean
}

/** Lines about rows before the rest is only counted. */
const MAX_SAID = 40

/** Sends a table with a template; the platform checks every row before it makes anything. */
export async function createCampaign(file: string, flags: CreateFlags): Promise<void> {
  const { url, token, project } = await findLogin(flags)
  const counts: WorkflowCounts = { toRun: 0, adopted: 0, withoutOutputs: 0 }
  const isWorkflow = /\.(db|sqlite3?)$/i.test(file)
  const source = isWorkflow ? workflowSource(file, counts) : await sourceOf(file)
  // what another manager began is not run again unasked
  const head = { ...(await headOf(file, flags, project)), ...(flags.held === true || isWorkflow ? { held: true } : {}) }
  const client = openClient({ url, token })
  const { skipBad, idempotencyKey } = flags
  const dryRun = flags.dryRun === true || flags.plan === true
  const created = await client.createCampaign(head, source, { skipBad, dryRun, idempotencyKey })
  if (created.skippedCount > 0) process.exitCode = EXIT.bad
  if (flags.json === true) return printJson(created)
  say(created)
  if (flags.plan === true) sayPlan(created.plan ?? null)
  if (isWorkflow)
    remark(
      `${counts.adopted} adopted, ${counts.toRun} to run, ${counts.withoutOutputs} left out: completed there, and their outputs are gone`,
    )
  if (created.campaign?.held != null) remark(`nothing is sent until "crystalmath campaign release ${created.campaign.id}"`)
}

async function headOf(file: string, flags: CreateFlags, project: string | undefined): Promise<CampaignHeadInput> {
  const template = readJson(flags.template, await readFile(flags.template, 'utf8'))
  if (typeof template !== 'object' || template === null || Array.isArray(template))
    throw new UsageError(`${flags.template}: a template is one job as JSON, without its structure`)
  const common = {
    ...template,
    ...defined({
      project: flags.project ?? ('project' in template ? template.project : project),
      cluster: flags.cluster,
      packing: flags.packing,
    }),
  }
  const column = (name: string | undefined) => (name === 'none' ? null : name)
  return {
    name: flags.name ?? basename(file),
    template: common,
    ...defined({
      geometryColumn: flags.geometryColumn,
      geometryFormat: flags.geometryFormat,
      chargeColumn: column(flags.chargeColumn),
      spinColumn: column(flags.spinColumn),
      multiplicityColumn: column(flags.multiplicityColumn),
      nameColumn: column(flags.nameColumn),
      maxInFlight: flags.maxInFlight,
      duplicates: flags.duplicates,
    }),
  } as CampaignHeadInput // the platform checks it
}

function sayPlan(plan: readonly PlannedGroup[] | null): void {
  const rows = (plan ?? []).map(({ packing, jobs, submissions, because }) => [
    String(jobs),
    packing,
    String(submissions),
    because,
  ])
  if (plan === null) remark('nobody has looked at the cluster yet, so there is no plan: see "crystalmath cluster check"')
  else print(formatTable(['JOBS', 'PACKING', 'SUBMISSIONS', 'BECAUSE'], rows))
}

const defined = (record: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))

function say({ campaign, accepted, skipped, skippedCount, reused, repeated, warnings }: CampaignCreated): void {
  const problems = skipped.flatMap(({ row, errors }) => errors.map((problem) => ({ ...problem, row })))
  for (const problem of problems.slice(0, MAX_SAID)) remark(`left out: ${formatProblem(problem)}`)
  for (const problem of warnings.slice(0, MAX_SAID)) remark(`warning: ${formatProblem(problem)}`)
  const more = Math.max(0, problems.length - MAX_SAID) + Math.max(0, warnings.length - MAX_SAID)
  if (more > 0) remark(`… and ${more} more; --json shows them`)
  for (const { row, sameAs } of repeated.slice(0, MAX_SAID)) remark(`left out: row ${row} computes the same as job ${sameAs}`)
  if (reused.length > 0) remark(`${reused.length} rows have the results of calculations that were known`)
  if (skippedCount > 0) remark(`${skippedCount} rows were left out`)
  if (campaign === null) remark(`${accepted} rows are good; nothing was created`)
  else print(`${campaign.id}  ${campaign.name}: ${campaign.total} jobs`)
}
