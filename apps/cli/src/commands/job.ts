import type { EvidenceView, JobEventView } from '@crystalmath/contract'
import type { Command } from 'commander'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { formatJob } from '../output/jobs.ts'
import { formatTable } from '../output/table.ts'
import { cut, formatTime, print, printJson } from '../output/text.ts'

type Flags = ConnectionFlags & {
  readonly why?: boolean
  readonly events?: boolean
  readonly inputs?: boolean
  readonly artefacts?: boolean
  readonly json?: boolean
}

const HELP = `
Examples:
  crystalmath job 0193b1c2-…
  crystalmath job 0193b1c2-… --why      why its state is believed, and what would change that
  crystalmath job 0193b1c2-… --events   everything that happened to it`

/** `crystalmath job ID`. */
export const addJob = (program: Command): Command =>
  withConnection(program.command('job'))
    .description('show one job')
    .argument('<id>', 'the job')
    .option('--why', 'why its state is believed, and what would change that')
    .option('--events', 'everything that happened to it, oldest first')
    .option('--inputs', 'what it was asked to do, and the settings in force')
    .option('--artefacts', 'what its attempt left, what a next one may build on, and why not')
    .option('--json', 'as JSON')
    .addHelpText('after', HELP)
    .action(show)

async function show(id: string, { why, events, inputs, artefacts, json, ...flags }: Flags): Promise<void> {
  const client = await connect(flags)
  if (inputs === true) return printJson(await client.inputs(id))
  if (artefacts === true) {
    const { showArtefacts } = await import('../explaining/show-artefacts.ts')
    return showArtefacts(client, id, json === true)
  }
  if (why === true) {
    const evidence = await client.evidence(id)
    return json === true ? printJson(evidence) : print(formatEvidence(evidence))
  }
  if (events === true) {
    const all = await client.events(id)
    return json === true ? printJson(all) : print(formatEvents(all))
  }
  const job = await client.job(id)
  if (json === true) printJson(job)
  else print(formatJob(job, Date.now()))
}

const formatEvents = (events: readonly JobEventView[]): string =>
  formatTable(
    ['time (UTC)', 'what', 'said'],
    events.map(({ at, type, said }) => [formatTime(at), type, cut(said, 120)]),
  )

function formatEvidence({ belief, because, waitingFor, wouldChange, history }: EvidenceView): string {
  const seen = `  ${because.source}${because.by === undefined ? '' : ` (${because.by})`}, ${formatTime(because.at)} by the ${because.clock}'s clock:\n  ${because.said}`
  return [
    belief,
    `\nBecause:\n${seen}`,
    waitingFor === null
      ? ''
      : `\nIt waits for ${waitingFor.kind} since ${formatTime(waitingFor.since)}:\n  ${waitingFor.because}`,
    `\nWhat would change that:\n${wouldChange.map((line) => `  - ${line}`).join('\n')}`,
    `\nHow it came to that:\n${formatEvents(history)}`,
  ]
    .filter(Boolean)
    .join('\n')
}
