import { type Client, ProblemError } from '@crystalmath/client'
import type { JobView, ResultView } from '@crystalmath/contract'
import type { Command } from 'commander'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { type RuleView, rulesFor } from '../explaining/rules.ts'
import { cut, formatTime, print, printJson } from '../output/text.ts'

type Flags = ConnectionFlags & { readonly again?: boolean; readonly json?: boolean }

type Chapter = {
  readonly attempt: JobView['past'][number]
  readonly result: ResultView | null
  readonly rules: readonly RuleView[]
  /** What the readers of this release say of the kept outputs, beside what is stored. */
  readonly again: { readonly stored: string; readonly today: string } | null
}

const HELP = `
Examples:
  crystalmath explain 0193b1c2-…
  crystalmath explain 0193b1c2-… --again   also reads the kept outputs anew`

/** `crystalmath explain JOB`: attempt by attempt, what made it, what was different, how it ended, where the outputs say so, and which rules there are for that. */
export const addExplain = (program: Command): Command =>
  withConnection(program.command('explain'))
    .description('tell the story of a job: each attempt, why it was made, what was changed, how it ended and by what evidence')
    .argument('<id>', 'the job')
    .option('--again', 'read the kept outputs with the readers of this release, and compare')
    .option('--json', 'as JSON')
    .addHelpText('after', HELP)
    .action(explain)

async function explain(id: string, { again = false, json, ...flags }: Flags): Promise<void> {
  const client = await connect(flags)
  const job = await client.job(id)
  const { effects } = await client.inputs(id)
  const attempts = [...job.past, presentOf(job)]
  const chapters: Chapter[] = []
  for (const [index, attempt] of attempts.entries()) {
    const result = attempt.resultId === null ? null : await client.result(id, attempt.attempt).catch(nullIfGone)
    const usedBefore = attempts.slice(0, index + 1).map(({ origin }) => origin.rule)
    const next = attempts[index + 1]?.origin.rule ?? null
    const { diagnosis } = attempt
    const rules = diagnosis === null ? [] : await rulesFor({ code: job.code, diagnosis, usedBefore, next, effects })
    chapters.push({ attempt, result, rules, again: again && result !== null ? await readAgain(client, job, result) : null })
  }
  if (json === true) return printJson({ job, chapters })
  print([...chapters.map(tell), conclusion(job)].join('\n\n'))
}

const presentOf = (job: JobView): Chapter['attempt'] => ({
  attempt: job.attempt,
  origin: job.origin,
  nativeId: job.nativeId,
  ending: job.ending,
  exitCode: job.exitCode,
  endedAt: job.endObservedAt,
  resultId: job.resultId,
  diagnosis: job.diagnosis,
})

async function readAgain(client: Client, job: JobView, { attempt, result }: ResultView): Promise<Chapter['again']> {
  const { gist, parseAgain } = await import('../explaining/parse-again.ts')
  const today = await parseAgain(client, job, attempt).then(
    gist,
    (error: unknown) => `unreadable: ${error instanceof Error ? error.message : String(error)}`,
  )
  return { stored: gist(result), today }
}

/** A result that is not kept any longer leaves a gap in the story, no more. */
function nullIfGone(error: unknown): null {
  if (error instanceof ProblemError && error.status === 404) return null
  throw error
}

const word = (value: unknown): string => (value === null || value === undefined ? 'unset' : JSON.stringify(value))

function tell({ attempt, result, rules, again }: Chapter): string {
  const { origin, ending, exitCode, endedAt, nativeId } = attempt
  const lines = [
    `Attempt ${attempt.attempt}, made by ${origin.rule}: ${origin.because}`,
    ...origin.changes.map(({ path, from, to }) => `  changed ${path}: ${word(from)} -> ${word(to)}`),
    origin.altered ? '  this changes what is computed: its result stays out of fits and default exports' : null,
    nativeId === null ? null : `  ran as ${nativeId}`,
    ending === null ? '  has no proved end' : `  ended ${ending}, exit status ${exitCode ?? 'unknown'}, ${formatTime(endedAt)}`,
    ...(result?.result.diagnoses ?? []).map(
      ({ kind, message, evidence }) =>
        `  ${kind}: ${message}\n    ${evidence.file}${evidence.line === null ? '' : `:${evidence.line}`}: ${cut(evidence.text, 200)}`,
    ),
    ...(result?.result.warnings ?? []).map((warning) => `  warning: ${warning}`),
    attempt.diagnosis !== null && result === null ? `  diagnosis: ${attempt.diagnosis}` : null,
    ...rules.map(
      ({ name, effect, verdict, used, limit, because }) =>
        `  rule ${name} (effect ${effect}, used ${used} of ${limit}): ${verdict}; ${because}`,
    ),
    again === null
      ? null
      : again.stored === again.today
        ? '  read again today: the same'
        : `  read again today: ${again.today}\n    stored is: ${again.stored}`,
  ]
  return lines.filter((line) => line !== null).join('\n')
}

const conclusion = (job: JobView): string =>
  [
    `Now: ${job.status}${job.verdict === null ? '' : `: ${job.verdict}`}`,
    `Because ${job.evidence.source} said: ${job.evidence.said}`,
  ].join('\n')
