import { isOver, type JobView } from '@crystalmath/contract'
import type { Command } from 'commander'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { EXIT } from '../exit.ts'
import { parseCount } from '../flags.ts'
import { type Following, follow } from '../following/follow.ts'
import { formatJobs, remarkOn } from '../output/jobs.ts'
import { cut, formatTime, print, printJsonLine, write } from '../output/text.ts'

type Flags = ConnectionFlags & { readonly project?: string; readonly limit: number; readonly json?: boolean }

const HELP = `
In a terminal it is a table that stays up to date; in a pipe, a line per change. With ids it ends when all are over.

Examples:
  crystalmath watch --project oxides
  crystalmath watch 0193b1c2-… && crystalmath result 0193b1c2-…`

/** `crystalmath watch [ID…]`. Exit status 1 if one of the ids is not completed in the end. */
export const addWatch = (program: Command): Command =>
  withConnection(program.command('watch'))
    .description('follow jobs live')
    .argument('[id...]', 'these jobs; without any, the newest')
    .option('--project <id>', 'only of this project')
    .option('--limit <n>', 'rows of the table', parseCount, 30)
    .option('--json', 'one JSON object per change')
    .addHelpText('after', HELP)
    .action(watch)

async function watch(ids: readonly string[], { project, limit, json, ...flags }: Flags): Promise<void> {
  const client = await connect(flags)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const what = ids.length > 0 ? { ids } : { filter: { project }, limit }
  const show = json === true ? showJson : process.stdout.isTTY === true ? table(limit) : showLines
  for await (const now of follow(client, what, stop.signal)) {
    show(now)
    if (ids.length === 0 || !ids.every((id) => isOver(now.jobs.get(id)?.status ?? 'accepted'))) continue
    stop.abort()
    if (!ids.every((id) => now.jobs.get(id)?.status === 'completed')) process.exitCode = EXIT.bad
  }
}

const showJson = ({ changed }: Following): void => changed.forEach(printJsonLine)

const showLines = ({ changed }: Following): void => {
  for (const job of changed)
    print(`${formatTime(job.updatedAt)}  ${job.id}  ${job.name}  ${job.status}  ${cut(remarkOn(job), 120)}`.trimEnd())
}

const byAge = (a: JobView, b: JobView): number => (a.createdAt < b.createdAt ? 1 : -1)

/** Draws over the last table: cursor up, then clear to the end of the screen. */
function table(limit: number): (now: Following) => void {
  let height = 0
  return ({ jobs }) => {
    const text = formatJobs([...jobs.values()].sort(byAge).slice(0, limit), Date.now())
    const back = height === 0 ? '' : `\u001b[${height}A\u001b[J`
    write(`${back}${text}\n`)
    height = text
      .split('\n')
      .reduce((lines, line) => lines + Math.max(1, Math.ceil(line.length / (process.stdout.columns || 80))), 0)
  }
}
