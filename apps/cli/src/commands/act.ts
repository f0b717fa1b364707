import { type Client, ProblemError } from '@crystalmath/client'
import type { JobView } from '@crystalmath/contract'
import type { Command } from 'commander'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { report } from '../exit.ts'
import { parseSetting, parseSpan } from '../flags.ts'
import { print, printJsonLine, remark } from '../output/text.ts'

type Flags = ConnectionFlags & { readonly json?: boolean }

/** Acts on one job after the other; a refusal of one does not stop the others, and decides the exit status. */
async function onEach(
  ids: readonly string[],
  flags: Flags,
  act: (client: Client, id: string) => Promise<JobView>,
  said: (job: JobView) => string,
): Promise<void> {
  const client = await connect(flags)
  for (const id of ids) {
    try {
      const job = await act(client, id)
      if (flags.json === true) printJsonLine(job)
      else print(`${job.id}  ${said(job)}`)
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      process.exitCode = report(error, (line) => remark(`${id}: ${line}`))
    }
  }
}

const start = (program: Command, name: string): Command =>
  withConnection(program.command(name)).argument('<id...>', 'the jobs').option('--json', 'one JSON object per job')

/** `crystalmath cancel ID…`. */
export const addCancel = (program: Command): Command =>
  start(program, 'cancel')
    .description('cancel jobs; what has finished first keeps its result')
    .addHelpText(
      'after',
      '\nExamples:\n  crystalmath cancel 0193b1c2-…\n  crystalmath jobs --label series=ni --json | jq -r .id | xargs crystalmath cancel',
    )
    .action((ids: readonly string[], flags: Flags) =>
      onEach(
        ids,
        flags,
        (client, id) => client.cancel(id),
        (job) =>
          job.status === 'cancelled'
            ? 'cancelled'
            : job.cancelRequested === null
              ? `is ${job.status} already`
              : `will be cancelled; it is ${job.status} until the cluster proves the end`,
      ),
    )

/** `crystalmath retry ID…`. */
export const addRetry = (program: Command): Command =>
  start(program, 'retry')
    .description('a new attempt of jobs that failed or were cancelled')
    .option('--set <a.b=value>', 'change a setting for the new attempt; may be repeated', parseSetting)
    .addHelpText(
      'after',
      '\nExamples:\n  crystalmath retry 0193b1c2-…\n  crystalmath retry 0193b1c2-… --set electrons.mixing_beta=0.2',
    )
    .action((ids: readonly string[], { set, ...flags }: Flags & { readonly set?: Record<string, unknown> }) =>
      onEach(
        ids,
        flags,
        (client, id) => client.retry(id, set ?? {}),
        (job) => `attempt ${job.attempt}, ${job.status}`,
      ),
    )

/** `crystalmath hold ID…`. */
export const addHold = (program: Command): Command =>
  start(program, 'hold')
    .description('hold jobs that have not been sent yet, until they are released')
    .option('--reason <text>', 'why, for others to read')
    .option('--for <time>', 'only for so long: 12h, 2d', parseSpan)
    .addHelpText('after', '\nExamples:\n  crystalmath hold 0193b1c2-… --reason "wrong cell" --for 12h')
    .action(
      (ids: readonly string[], { reason, for: span, ...flags }: Flags & { readonly reason?: string; readonly for?: number }) => {
        const until = span === undefined ? undefined : new Date(Date.now() + span * 1_000).toISOString()
        return onEach(
          ids,
          flags,
          (client, id) => client.hold(id, { reason, until }),
          (job) => (job.held ? `held, ${job.status}` : `is ${job.status}: nothing to hold`),
        )
      },
    )

/** `crystalmath release ID…`. */
export const addRelease = (program: Command): Command =>
  start(program, 'release')
    .description('release jobs that are held')
    .addHelpText('after', '\nExamples:\n  crystalmath release 0193b1c2-…')
    .action((ids: readonly string[], flags: Flags) =>
      onEach(
        ids,
        flags,
        (client, id) => client.release(id),
        (job) => `released, ${job.status}`,
      ),
    )
