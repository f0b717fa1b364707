import type { Command } from 'commander'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { EXIT } from '../exit.ts'
import { parseCount } from '../flags.ts'
import { formatResult, isGood } from '../output/results.ts'
import { print, printJson } from '../output/text.ts'

type Flags = ConnectionFlags & { readonly attempt?: number; readonly json?: boolean }

/** `crystalmath result ID`. Exit status 1 if the result is not one to build on. */
export const addResult = (program: Command): Command =>
  withConnection(program.command('result'))
    .description('show the result of a job')
    .argument('<id>', 'the job')
    .option('--attempt <n>', 'of an earlier attempt', parseCount)
    .option('--json', 'everything, as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  crystalmath result 0193b1c2-…\n  crystalmath result 0193b1c2-… --json | jq .result.energyEv',
    )
    .action(async (id: string, { attempt, json, ...flags }: Flags) => {
      const view = await (await connect(flags)).result(id, attempt)
      if (!isGood(view.result)) process.exitCode = EXIT.bad
      if (json === true) return printJson(view)
      print(formatResult(view.result))
      if (view.altered)
        print(
          `\naltered by recovery: ${view.alteredSettings.map(({ path, from, to }) => `${path} ${JSON.stringify(from)} -> ${JSON.stringify(to)}`).join(', ')}`,
        )
    })
