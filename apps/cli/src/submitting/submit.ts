import { type Client, openClient } from '@crystalmath/client'
import { type BulkCreated, type JobRequestInput, slices } from '@crystalmath/contract'
import { findLogin } from '../connection.ts'
import { EXIT, UsageError } from '../exit.ts'
import { followUntilOver } from '../following/follow.ts'
import { problemLines, skippedProblems } from '../output/problems.ts'
import { estimateLines, resourcesLine } from '../output/resources.ts'
import { print, printJson, remark } from '../output/text.ts'
import { requestsOf, type SubmitFlags } from './requests.ts'

/** What the platform takes in one call. */
const MAX_ROWS = 10_000
/** Rows whose resources a dry run shows. */
const SHOWN = 5

/** Checks all rows first, then creates them; prints the ids. */
export async function submit(files: readonly string[], flags: SubmitFlags): Promise<void> {
  const { url, token, project } = await findLogin(flags)
  const client = openClient({ url, token })
  const asked = await requestsOf(files, flags)
  const cluster = asked.some((row) => row.cluster === undefined) ? await onlyCluster(client) : undefined
  const rows = asked.map((row) => ({
    ...row,
    ...(row.cluster === undefined && cluster !== undefined ? { cluster: cluster as JobRequestInput['cluster'] } : {}),
    ...(row.project === undefined && project !== undefined ? { project: project as JobRequestInput['project'] } : {}),
  }))
  if (rows.some((row) => row.project === undefined))
    throw new UsageError('which project? --project, CRYSTALMATH_PROJECT, or "crystalmath login --project ID"')
  const created = await createAll(client, rows, flags)
  say(created, flags)
  if (flags.wait === true && flags.dryRun !== true && created.jobs.length > 0) {
    process.exitCode = (await followUntilOver(
      client,
      created.jobs.map(({ id }) => id),
    ))
      ? EXIT.ok
      : EXIT.bad
  }
}

/** The cluster where nobody names one. */
export async function onlyCluster(client: Client): Promise<string> {
  const names = (await client.clusters()).map(({ spec }) => spec.name)
  const [only] = names
  if (only !== undefined && names.length === 1) return only
  throw new UsageError(
    names.length === 0
      ? 'no cluster is registered; see "crystalmath cluster add --help"'
      : `which cluster? --cluster ${names.join(' | ')}`,
  )
}

/** In calls of 10 000 rows. All of them are checked before the first is created. */
async function createAll(client: Client, rows: readonly JobRequestInput[], flags: SubmitFlags): Promise<BulkCreated> {
  const { skipBad = false, dryRun = false, idempotencyKey } = flags
  const parts = slices(rows, MAX_ROWS)
  if (parts.length > 1 && !skipBad && !dryRun) for (const part of parts) await client.submitMany(part, { dryRun: true })
  const all: BulkCreated[] = []
  for (const [i, part] of parts.entries()) {
    const key = idempotencyKey === undefined ? undefined : parts.length === 1 ? idempotencyKey : `${idempotencyKey}.${i}`
    all.push(await client.submitMany(part, { skipBad, dryRun, idempotencyKey: key }))
    if (parts.length > 1) remark(`${Math.min(rows.length, (i + 1) * MAX_ROWS)} of ${rows.length} rows`)
  }
  const shifted = <T extends { readonly row?: number | undefined }>(items: readonly T[], i: number): T[] =>
    items.map((item) => (item.row === undefined ? item : { ...item, row: item.row + i * MAX_ROWS }))
  return {
    jobs: all.flatMap(({ jobs }, i) => shifted(jobs, i)),
    skipped: all.flatMap(({ skipped }, i) => shifted(skipped, i)),
    accepted: all.reduce((sum, { accepted }) => sum + accepted, 0),
    warnings: all.flatMap(({ warnings }, i) => shifted(warnings, i)),
    ...(dryRun ? { planned: all.flatMap(({ planned = [] }, i) => shifted(planned, i)) } : {}),
  }
}

function say(created: BulkCreated, { json, dryRun }: SubmitFlags): void {
  if (created.skipped.length > 0) process.exitCode = EXIT.bad
  if (json === true) {
    printJson(created)
    return
  }
  for (const { id, name } of created.jobs) print(`${id}  ${name}`)
  for (const line of problemLines(skippedProblems(created.skipped))) remark(`left out: ${line}`)
  for (const line of problemLines(created.warnings)) remark(`warning: ${line}`)
  for (const { row, resources, estimate } of created.planned?.slice(0, SHOWN) ?? [])
    remark(`row ${row}: ${resourcesLine(resources)}${estimate === null ? '' : `\n  ${estimateLines(estimate).join('\n  ')}`}`)
  if (dryRun === true) remark(`${created.accepted} ${created.accepted === 1 ? 'job is' : 'jobs are'} good; nothing was submitted`)
}
