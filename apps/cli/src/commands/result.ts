import { type CalculationResult, PermanentError } from '@crystalmath/contract'
import { type Command, Option } from 'commander'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { EXIT } from '../exit.ts'
import { parseCount } from '../flags.ts'
import { formatResult, isGood } from '../output/results.ts'
import { print, printJson, write } from '../output/text.ts'

type Flags = ConnectionFlags & {
  readonly attempt?: number
  readonly structure?: (typeof FORMATS)[number]
  readonly json?: boolean
}

const FORMATS = ['poscar', 'cif', 'extxyz'] as const

/** The geometry to go on from: where a restart would begin, else that of the energy. */
async function geometryOf(
  { continuationStructure, structure }: CalculationResult,
  format: (typeof FORMATS)[number],
): Promise<string> {
  const { formatCif, formatExtxyz, formatPoscar, hasLattice } = await import('@crystalmath/structures')
  const last = continuationStructure ?? structure
  if (last === null) throw new PermanentError('the outputs hold no geometry')
  if (format === 'extxyz') return formatExtxyz(last)
  if (!hasLattice(last)) throw new PermanentError(`a molecule has no cell to write as ${format}; use --structure extxyz`)
  return format === 'cif' ? formatCif(last) : formatPoscar(last)
}

/** `crystalmath result ID`. Exit status 1 if the result is not one to build on. */
export const addResult = (program: Command): Command =>
  withConnection(program.command('result'))
    .description('show the result of a job')
    .argument('<id>', 'the job')
    .option('--attempt <n>', 'of an earlier attempt', parseCount)
    .addOption(new Option('--structure <format>', 'only its last geometry, as a file of this format').choices(FORMATS))
    .option('--json', 'everything, as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  crystalmath result 0193b1c2-…\n  crystalmath result 0193b1c2-… --json | jq .result.energyEv\n  crystalmath result 0193b1c2-… --structure poscar > POSCAR',
    )
    .action(async (id: string, { attempt, structure, json, ...flags }: Flags) => {
      const view = await (await connect(flags)).result(id, attempt)
      if (structure !== undefined) {
        write(await geometryOf(view.result, structure))
        return
      }
      if (!isGood(view.result)) process.exitCode = EXIT.bad
      if (json === true) return printJson(view)
      print(formatResult(view.result))
      if (view.altered)
        print(
          `\naltered by recovery: ${view.alteredSettings.map(({ path, from, to }) => `${path} ${JSON.stringify(from)} -> ${JSON.stringify(to)}`).join(', ')}`,
        )
    })
