import { eachJob } from '@crystalmath/client'
import { CAMPAIGN_WORDS, CODE_NAMES, type JobView, STATUSES } from '@crystalmath/contract'
import { type Command, Option } from 'commander'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { parseCount, parseSince } from '../flags.ts'
import { formatJobs } from '../output/jobs.ts'
import { print, printJsonLine, remark } from '../output/text.ts'

type Flags = ConnectionFlags & {
  readonly project?: string[]
  readonly cluster?: string[]
  readonly status?: string[]
  readonly word?: string[]
  readonly code?: string[]
  readonly campaign?: string
  readonly label?: string[]
  readonly name?: string
  readonly since?: string
  readonly held?: boolean
  readonly limit: number
  readonly json?: boolean
  readonly count?: boolean
}

const HELP = `
Examples:
  crystalmath jobs --project oxides --status running pending
  crystalmath jobs --label series=ni --since 2d
  crystalmath jobs --status failed --limit 10000 --json | jq -r .id | xargs crystalmath retry`

/** `crystalmath jobs`: the newest first. */
export const addJobs = (program: Command): Command =>
  withConnection(program.command('jobs'))
    .description('list jobs, the newest first')
    .option('--project <id...>', 'of these projects')
    .option('--cluster <name...>', 'on these clusters')
    .addOption(new Option('--status <status...>', 'in one of these states').choices([...STATUSES]))
    .addOption(new Option('--word <word...>', 'under one of these words of campaigns').choices([...CAMPAIGN_WORDS]))
    .addOption(new Option('--code <code...>', 'of these codes').choices([...CODE_NAMES]))
    .option('--campaign <id>', 'of one campaign')
    .option('--label <key=value...>', 'with all of these labels')
    .option('--name <text>', 'with this in their names, any case')
    .option('--since <when>', 'created since a time (2026-11-01, 2026-11-01T12:00:00Z) or in the last 12h, 2d …')
    .option('--held', 'only those that somebody holds')
    .option('--limit <n>', 'at most so many', parseCount, 50)
    .option('--count', 'only how many there are of each state')
    .option('--json', 'one JSON object per line')
    .addHelpText('after', HELP)
    .action(list)

async function list({ url, token, limit, json, count, since, ...filters }: Flags): Promise<void> {
  const client = await connect({ url, token })
  const filter = { ...filters, ...(since === undefined ? {} : { since: parseSince(since, Date.now()) }) }
  if (count === true) return printCounts(await client.counts(filter), json)
  const jobs: JobView[] = []
  for await (const job of eachJob(client, filter, limit)) {
    if (json === true) printJsonLine(job)
    else jobs.push(job)
  }
  if (json === true) return
  if (jobs.length === 0) return remark('no jobs')
  print(formatJobs(jobs, Date.now()))
  if (jobs.length === limit) remark(`the newest ${limit}; --limit shows more`)
}

function printCounts(
  counts: { readonly total: number; readonly byStatus: Partial<Record<string, number>> },
  json: boolean | undefined,
): void {
  if (json === true) {
    printJsonLine(counts)
    return
  }
  for (const status of STATUSES)
    if (counts.byStatus[status] !== undefined) print(`${String(counts.byStatus[status]).padStart(8)}  ${status}`)
  print(`${String(counts.total).padStart(8)}  in all`)
}
