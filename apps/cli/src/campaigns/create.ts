import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Client, openClient } from '@crystalmath/client'
import type { CampaignCreated, CampaignHeadInput, PlannedGroup } from '@crystalmath/contract'
import { type ConnectionFlags, findLogin } from '../connection.ts'
import { EXIT, UsageError } from '../exit.ts'
import { readJson } from '../json-file.ts'
import { problemLines, skippedProblems } from '../output/problems.ts'
import { formatTable } from '../output/table.ts'
import { print, printJson, remark } from '../output/text.ts'
import { defined, isRow, type RequestFlags, type Row, withFlags } from '../submitting/requests.ts'
import { onlyCluster } from '../submitting/submit.ts'
import { sourceOf } from './source.ts'
import { type WorkflowCounts, workflowSource } from './workflow-db.ts'

export type CreateFlags = ConnectionFlags &
  RequestFlags & {
    readonly template?: string
    readonly name?: string
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

/** Repeated rows named before the rest is only counted. */
const MAX_SAID = 40

/** Sends a table with a template; the platform checks every row before it makes anything. */
export async function createCampaign(file: string, flags: CreateFlags): Promise<void> {
  const { url, token, project } = await findLogin(flags)
  const counts: WorkflowCounts = { toRun: 0, adopted: 0, withoutOutputs: 0 }
  const isWorkflow = /\.(db|sqlite3?)$/i.test(file)
  const source = isWorkflow ? workflowSource(file, counts) : await sourceOf(file)
  const client = openClient({ url, token })
  const asked = await headOf(client, file, { flags, project })
  // what another manager began is not run again unasked
  const head = { ...asked, ...(flags.held === true || isWorkflow ? { held: true } : {}) }
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

async function headOf(
  client: Client,
  file: string,
  { flags, project }: { readonly flags: CreateFlags; readonly project: string | undefined },
): Promise<CampaignHeadInput> {
  const { packing } = flags
  const asked = withFlags(await templateOf(flags), flags)
  const template = {
    ...defined({ project, cluster: asked['cluster'] ?? (await onlyCluster(client)) }),
    ...asked,
    ...defined({ packing }),
  }
  const column = (name: string | undefined) => (name === 'none' ? null : name)
  return {
    name: flags.name ?? basename(file),
    template,
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

async function templateOf({ template, code }: CreateFlags): Promise<Row> {
  if (template === undefined && code === undefined)
    throw new UsageError(
      'what is to be computed? --code with --preset, --calculation and --set, or a --template of one job as JSON',
    )
  const read: unknown = template === undefined ? {} : readJson(template, await readFile(template, 'utf8'))
  if (!isRow(read)) throw new UsageError(`${template}: a template is one job as JSON, without its structure`)
  return read
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

function say({ campaign, accepted, skipped, skippedCount, reused, repeated, warnings }: CampaignCreated): void {
  for (const line of problemLines(skippedProblems(skipped))) remark(`left out: ${line}`)
  for (const line of problemLines(warnings)) remark(`warning: ${line}`)
  for (const { row, sameAs } of repeated.slice(0, MAX_SAID)) remark(`left out: row ${row} computes the same as job ${sameAs}`)
  if (repeated.length > MAX_SAID) remark(`… and ${repeated.length - MAX_SAID} more; --json shows them`)
  if (reused.length > 0) remark(`${reused.length} rows have the results of calculations that were known`)
  if (skippedCount > 0) remark(`${skippedCount} rows were left out`)
  if (campaign === null) remark(`${accepted} rows are good; nothing was created`)
  else print(`${campaign.id}  ${campaign.name}: ${campaign.total} jobs`)
}
