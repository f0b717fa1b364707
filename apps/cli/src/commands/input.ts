import { CODE_NAMES, type CodeName } from '@crystalmath/contract'
import { Argument, type Command } from 'commander'
import { withConnection } from '../connection.ts'
import type { InputFlags } from '../inputs/input.ts'
import { withSettings, withSize } from './request-flags.ts'

const HELP = `
STRUCTURE is CIF, POSCAR, XYZ or extended XYZ, or a JSON file with one job as "crystalmath submit" takes it. No server is
needed, but for --cluster, which asks the platform for that cluster's pseudopotentials and programs. Nodes, ranks, memory and
wall clock that are not given are estimated, each with its reason (ranks with --cluster alone). Exit status 5 if the
inputs cannot be right: every problem is named with its place, its value and what helps.

Examples:
  crystalmath input quantum-espresso si.cif --pseudopotentials ~/pseudo --preset fast
  crystalmath input vasp POSCAR --calculation relax --set incar.ENCUT=520 --cluster alps
  crystalmath input orca water.xyz --set method=B3LYP --set basis=def2-SVP --out run`

/** `crystalmath input CODE STRUCTURE`. */
export const addInput = (program: Command): Command =>
  withSize(
    withSettings(
      withConnection(program.command('input'))
        .description('show every file, step and warning of a job before it is submitted')
        .addArgument(new Argument('<code>', 'the code').choices([...CODE_NAMES]))
        .argument('<structure>', 'a structure, or a JSON file of one job'),
    )
      .option('--cluster <name>', 'as it would be on this cluster')
      .option('--pseudopotentials <folder>', "of this machine, instead of the cluster's"),
  )
    .option('--out <folder>', 'write the files there instead; nothing is overwritten')
    .option('--json', 'as JSON')
    .addHelpText('after', HELP)
    .action(async (code: CodeName, file: string, flags: InputFlags) => {
      const { showInput } = await import('../inputs/input.ts')
      await showInput(code, file, flags)
    })
