import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CAMPAIGN_WORDS, type CampaignView, Packing } from '@crystalmath/contract'
import { type Command, Option } from 'commander'
import { type AdoptFlags, adopt } from '../campaigns/adopt.ts'
import { type CreateFlags, createCampaign } from '../campaigns/create.ts'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { UsageError } from '../exit.ts'
import { parseCount, parseInteger } from '../flags.ts'
import { formatCampaign, formatCampaigns, formatFailures, formatStatistics } from '../output/campaigns.ts'
import { print, printJson, printJsonLine, remark, standardOutput } from '../output/text.ts'
import { withRequest } from './request-flags.ts'

type Flags = ConnectionFlags & { readonly json?: boolean }

const CREATE_HELP = `
FILE is a CSV file, an extended-XYZ file of many frames or JSON Lines (.csv, .xyz, .jsonl; .gz too): a row per job. A .db is the
workflow database of architector: what ran there is adopted with its outputs, the rest is held until released. What every row asks
for is said by flags, or by a template: one job as JSON, without its structure. The defaults fit the tables of architector:
aligned_csd_core (XYZ text in a cell), charge, uhf (unpaired electrons; the multiplicity is one more). "none" says that there is
no such column. Every other column comes back in the export. Nothing is made unless every row is good; --skip-bad leaves bad rows
out. Row numbers count from 0, without the header.

Examples:
  crystalmath campaign create strained.extxyz --code quantum-espresso --preset moderate --plan
  crystalmath campaign create architector.csv --template orca.json --plan
  crystalmath campaign create table.csv.gz --template orca.json --geometry-column xyz --charge-column q --spin-column none
  crystalmath campaign create frames.extxyz --template scf.json --name "NiO, strained" --max-in-flight 200`

/** `crystalmath campaign create | adopt | list | status | reset | hold | release | cancel | set | export`. */
export function addCampaign(program: Command): Command {
  const campaign = program.command('campaign').description('thousands of jobs as one: made of a table, counted, reset, exported')
  addCreate(campaign)
  addAdopt(campaign)
  addReading(campaign)
  addActing(campaign)
  addExport(campaign)
  return campaign
}

const start = (campaign: Command, name: string): Command =>
  withConnection(campaign.command(name)).option('--json', 'JSON for programs')

function addCreate(campaign: Command): void {
  withRequest(
    start(campaign, 'create')
      .description('a job for every row of a table')
      .argument('<file>', 'CSV, extended XYZ or JSON Lines, gzipped too')
      .option('--template <file>', 'one job as JSON, without its structure; flags go before what it says')
      .option('--name <text>', "the campaign's name; else the file's")
      .option('--project <id>', "the project; else the template's, CRYSTALMATH_PROJECT, or the one that login stored")
      .option('--cluster <name>', "where to run; else the template's, or the only one there is"),
  )
    .option('--geometry-column <name>', 'column with the structure (aligned_csd_core)')
    .addOption(new Option('--geometry-format <format>', 'what that column holds').choices(['xyz', 'extxyz', 'cif', 'poscar']))
    .option('--charge-column <name>', 'column with the charge (charge)')
    .option('--spin-column <name>', 'column with the number of unpaired electrons (uhf)')
    .option('--multiplicity-column <name>', 'column with the multiplicity; goes before --spin-column (multiplicity)')
    .option('--name-column <name>', "column with the jobs' names")
    .option('--max-in-flight <n>', "at most so many in the cluster's queue at once", parseCount)
    .addOption(
      new Option('--duplicates <how>', 'rows that compute what is known: run them, reuse the result, or refuse').choices([
        'run',
        'reuse',
        'refuse',
      ]),
    )
    .option('--held', 'send nothing until it is released')
    .option('--skip-bad', 'leave bad rows out')
    .option('--dry-run', 'only check')
    .option('--plan', 'only check, and show how the jobs would go into the queue')
    .addOption(
      new Option('--packing <how>', "how jobs of one shape go into the queue; else the template's (auto)").choices(
        Packing.options,
      ),
    )
    .option('--idempotency-key <key>', 'the same key again goes on where this broke off, and makes nothing twice')
    .addHelpText('after', CREATE_HELP)
    .action((file: string, flags: CreateFlags) => createCampaign(file, flags))
}

const ADOPT_HELP = `
Every directory below DIR that holds outputs of a code that is read becomes a job that is over: completed, or failed with its cause;
gzipped outputs too. Nothing is run. --cluster says where it was run, for the record.

Examples:
  crystalmath campaign adopt runs/ --cluster alps --project oxides --name "the summer's runs"`

function addAdopt(campaign: Command): void {
  start(campaign, 'adopt')
    .description('calculations that were run before, with their results; nothing is run')
    .argument('<dir>', 'the folder above their directories')
    .requiredOption('--cluster <name>', 'a registered cluster, for the record')
    .option('--project <id>', 'the project (CRYSTALMATH_PROJECT, else the one that login stored)')
    .option('--name <text>', "the campaign's name; else the folder's")
    .option('--idempotency-key <key>', 'the same key again makes nothing twice')
    .addHelpText('after', ADOPT_HELP)
    .action((folder: string, flags: AdoptFlags) => adopt(folder, flags))
}

function addReading(campaign: Command): void {
  start(campaign, 'list')
    .description('campaigns, the newest first')
    .option('--project <id>', 'of one project')
    .option('--limit <n>', 'at most so many', parseCount, 50)
    .addHelpText('after', '\nExamples:\n  crystalmath campaign list --project oxides')
    .action(async ({ project, limit, json, ...flags }: Flags & { readonly project?: string; readonly limit: number }) => {
      const { items } = await (await connect(flags)).campaigns({ project, limit: Math.min(limit, 200) })
      if (json === true) return items.forEach(printJsonLine)
      if (items.length === 0) return remark('no campaigns; see "crystalmath campaign create --help"')
      print(formatCampaigns(items, Date.now()))
    })
  start(campaign, 'status')
    .description('how far a campaign is: counts, a bar, statistics of its results, failures')
    .argument('<id>', 'the campaign')
    .addOption(new Option('--unit <unit>', 'of forces: eV/Å, or hartree/bohr').choices(['ev', 'hartree']).default('ev'))
    .option('--failures [n]', 'also the jobs that failed n times or more (1), those that failed most often first', parseCount)
    .addHelpText(
      'after',
      '\nExamples:\n  crystalmath campaign status 0193b1c2-…\n  crystalmath campaign status 0193b1c2-… --failures 3 --unit hartree\n  crystalmath jobs --campaign 0193b1c2-… --word timeout',
    )
    .action(showStatus)
}

type StatusFlags = Flags & { readonly unit: 'ev' | 'hartree'; readonly failures?: number | true }

async function showStatus(id: string, { unit, failures, json, ...flags }: StatusFlags): Promise<void> {
  const client = await connect(flags)
  const atLeast = failures === true ? 1 : failures
  const [view, statistics, failed] = await Promise.all([
    client.campaign(id),
    client.campaignStatistics(id, unit),
    atLeast === undefined ? null : client.campaignFailures(id, { atLeast, limit: 1_000 }),
  ])
  if (json === true) return printJson({ ...view, statistics, ...(failed === null ? {} : { failures: failed }) })
  print(formatCampaign(view, Date.now()))
  if (statistics.completed > 0) print(`\n${formatStatistics(statistics)}`)
  if (failed === null) return
  print(
    failed.total === 0
      ? `\nno job failed ${atLeast === 1 ? '' : `${atLeast} times or more`}`.trimEnd()
      : `\n${formatFailures(failed)}`,
  )
  if (failed.total > failed.items.length) remark(`${failed.items.length} of ${failed.total}`)
}

const one = (campaign: Command, name: string, description: string, example: string): Command =>
  start(campaign, name)
    .description(description)
    .argument('<id>', 'the campaign')
    .addHelpText('after', `\nExamples:\n  ${example}`)

function said(view: CampaignView, json: boolean | undefined, line: string): void {
  if (json === true) printJson(view)
  else print(`${view.id}  ${line}`)
}

function addActing(campaign: Command): void {
  one(
    campaign,
    'hold',
    'send none of its jobs until it is released; those in the queue go on',
    'crystalmath campaign hold 0193b1c2-… --reason "wrong basis"',
  )
    .option('--reason <text>', 'why, for others to read')
    .action(async (id: string, { reason, json, ...flags }: Flags & { readonly reason?: string }) =>
      said(await (await connect(flags)).holdCampaign(id, reason), json, 'held: what is in the queue goes on'),
    )
  one(campaign, 'release', 'send its jobs again', 'crystalmath campaign release 0193b1c2-…').action(
    async (id: string, { json, ...flags }: Flags) => said(await (await connect(flags)).releaseCampaign(id), json, 'released'),
  )
  one(
    campaign,
    'cancel',
    'cancel all its jobs that are not over; what finishes first keeps its result',
    'crystalmath campaign cancel 0193b1c2-…',
  ).action(async (id: string, { json, ...flags }: Flags) => {
    const view = await (await connect(flags)).cancelCampaign(id)
    const live = view.words.ready.count + view.words.running.count
    said(view, json, `${view.words.cancelled.count} cancelled${live === 0 ? '' : `, ${live} until the cluster proves their end`}`)
  })
  one(
    campaign,
    'set',
    'change the priority of its jobs that are not sent, or how many may be in the queue at once',
    'crystalmath campaign set 0193b1c2-… --priority 10 --max-in-flight 500',
  )
    .option('--priority <n>', 'higher first', parseInteger)
    .option('--max-in-flight <n>', 'a number, or none', (text) => (text === 'none' ? text : parseCount(text)))
    .action(
      async (
        id: string,
        { priority, maxInFlight, json, ...flags }: Flags & { readonly priority?: number; readonly maxInFlight?: number | 'none' },
      ) => {
        if (priority === undefined && maxInFlight === undefined)
          throw new UsageError('say what to change: --priority or --max-in-flight')
        said(
          await (await connect(flags)).changeCampaign(id, { priority, maxInFlight: maxInFlight === 'none' ? null : maxInFlight }),
          json,
          'changed',
        )
      },
    )
  one(
    campaign,
    'reset',
    'a next attempt of its jobs that failed',
    'crystalmath campaign reset 0193b1c2-… --filter timeout --max-failures 3',
  )
    .addOption(new Option('--filter <status...>', 'which of them (failed timeout)').choices(['failed', 'timeout', 'cancelled']))
    .option('--max-failures <n>', 'leave alone what failed so often', parseCount)
    .action(
      async (
        id: string,
        { filter, maxFailures, json, ...flags }: Flags & { readonly filter?: string[]; readonly maxFailures?: number },
      ) => {
        const done = await (await connect(flags)).resetCampaign(id, { filter, maxFailures })
        if (json === true) return printJson(done)
        print(
          `${done.reset} jobs have a next attempt${done.leftAlone === 0 ? '' : `; ${done.leftAlone} failed too often and were left alone`}`,
        )
      },
    )
}

type ExportFlags = ConnectionFlags & {
  readonly format: 'csv' | 'jsonl' | 'extxyz'
  readonly word?: string[]
  readonly all?: boolean
  readonly output?: string
}

const EXPORT_HELP = `
Columns are the table's own, then ours: energy_ev, energy_kind, max_force_ev_per_angstrom … Energies of two kinds never share a
column. Numbers of results that recovery altered are left out, and left_out says so; --all gives them.

Examples:
  crystalmath campaign export 0193b1c2-… > results.csv
  crystalmath campaign export 0193b1c2-… --format extxyz --output relaxed.extxyz
  crystalmath campaign export 0193b1c2-… --format jsonl --word completed | jq .energy_ev`

function addExport(campaign: Command): void {
  withConnection(campaign.command('export'))
    .description('all rows with their results')
    .argument('<id>', 'the campaign')
    .addOption(new Option('--format <format>').choices(['csv', 'jsonl', 'extxyz']).default('csv'))
    .addOption(new Option('--word <status...>', 'only jobs under these words').choices([...CAMPAIGN_WORDS]))
    .option('--all', 'also numbers of results that recovery altered')
    .option('--output <file>', 'else standard output')
    .addHelpText('after', EXPORT_HELP)
    .action(async (id: string, { format, word, all, output, ...flags }: ExportFlags) => {
      const response = await (await connect(flags)).exportCampaign(id, { format, word, all })
      const leftOut = Number(response.headers.get('x-left-out') ?? 0)
      if (leftOut > 0) remark(`the numbers of ${leftOut} altered results are left out; --all gives them`)
      if (response.body === null) return
      const to = output === undefined ? standardOutput() : createWriteStream(output)
      await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), to, { end: output !== undefined })
    })
}
