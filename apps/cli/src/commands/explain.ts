import { ProblemError } from '@crystalmath/client'
import type { JobView, ResultView } from '@crystalmath/contract'
import type { Command } from 'commander'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { cut, formatTime, print, printJson } from '../output/text.ts'

type Flags = ConnectionFlags & { readonly json?: boolean }

type Chapter = { readonly attempt: JobView['past'][number]; readonly result: ResultView | null }

/** `crystalmath explain JOB`: attempt by attempt, what made it, what was different, how it ended, and where the outputs say so. */
export const addExplain = (program: Command): Command =>
  withConnection(program.command('explain'))
    .description('tell the story of a job: each attempt, why it was made, what was changed, how it ended and by what evidence')
    .argument('<id>', 'the job')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExamples:\n  crystalmath explain 0193b1c2-…')
    .action(explain)

async function explain(id: string, { json, ...flags }: Flags): Promise<void> {
  const client = await connect(flags)
  const job = await client.job(id)
  const present = {
    attempt: job.attempt,
    origin: job.origin,
    nativeId: job.nativeId,
    ending: job.ending,
    exitCode: job.exitCode,
    endedAt: job.endObservedAt,
    resultId: job.resultId,
    diagnosis: job.diagnosis,
  }
  const chapters: Chapter[] = []
  for (const attempt of [...job.past, present]) {
    const result = attempt.resultId === null ? null : await client.result(id, attempt.attempt).catch(nullIfGone)
    chapters.push({ attempt, result })
  }
  if (json === true) return printJson({ job, chapters })
  print([...chapters.map(tell), conclusion(job)].join('\n\n'))
}

/** A result that is not kept any longer leaves a gap in the story, no more. */
function nullIfGone(error: unknown): null {
  if (error instanceof ProblemError && error.status === 404) return null
  throw error
}

function tell({ attempt, result }: Chapter): string {
  const { origin, ending, exitCode, endedAt, nativeId } = attempt
  const lines = [
    `Attempt ${attempt.attempt}, made by ${origin.rule}: ${origin.because}`,
    ...origin.changes.map(
      ({ path, from, to }) => `  changed ${path}: ${JSON.stringify(from) ?? 'unset'} -> ${JSON.stringify(to) ?? 'unset'}`,
    ),
    origin.altered ? '  this changes what is computed: its result stays out of fits and default exports' : null,
    nativeId === null ? null : `  ran as ${nativeId}`,
    ending === null ? '  has no proved end' : `  ended ${ending}, exit status ${exitCode ?? 'unknown'}, ${formatTime(endedAt)}`,
    ...(result?.result.diagnoses ?? []).map(
      ({ kind, message, evidence }) =>
        `  ${kind}: ${message}\n    ${evidence.file}${evidence.line === null ? '' : `:${evidence.line}`}: ${cut(evidence.text, 200)}`,
    ),
    ...(result?.result.warnings ?? []).map((warning) => `  warning: ${warning}`),
    attempt.diagnosis !== null && result === null ? `  diagnosis: ${attempt.diagnosis}` : null,
  ]
  return lines.filter((line) => line !== null).join('\n')
}

const conclusion = (job: JobView): string =>
  [
    `Now: ${job.status}${job.verdict === null ? '' : `: ${job.verdict}`}`,
    `Because ${job.evidence.source} said: ${job.evidence.said}`,
  ].join('\n')
