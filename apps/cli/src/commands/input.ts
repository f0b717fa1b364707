import { CODE_NAMES, type CodeName } from '@crystalmath/contract'
import { Argument, type Command } from 'commander'
import { withConnection } from '../connection.ts'
import { parseCount, parseMemory, parseSetting, parseSpan } from '../flags.ts'
import type { InputFlags } from '../inputs/input.ts'

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
  withConnection(program.command('input'))
    .description('show every file, step and warning of a job before it is submitted')
    .addArgument(new Argument('<code>', 'the code').choices([...CODE_NAMES]))
    .argument('<structure>', 'a structure, or a JSON file of one job')
    .option('--preset <name>', 'the protocol: fast, moderate, precise, or another of the code’s (parameters.preset)')
    .option('--calculation <kind>', "what to compute: scf, relax, vc-relax …, by the code's own list (parameters.calculation)")
    .option('--set <a.b=value>', 'a setting of the code; may be repeated', parseSetting)
    .option('--cluster <name>', 'as it would be on this cluster')
    .option('--pseudopotentials <folder>', "of this machine, instead of the cluster's")
    .option('--nodes <n>', 'nodes', parseCount)
    .option('--ranks <n>', 'MPI ranks in all', parseCount)
    .option('--threads <n>', 'threads per rank', parseCount)
    .option('--memory <amount>', 'memory: 500M, 16G', parseMemory)
    .option('--walltime <time>', 'longest run: 90m, 4h, 1-12:00:00', parseSpan)
    .option('--out <folder>', 'write the files there instead; nothing is overwritten')
    .option('--json', 'as JSON')
    .addHelpText('after', HELP)
    .action(async (code: CodeName, file: string, flags: InputFlags) => {
      const { showInput } = await import('../inputs/input.ts')
      await showInput(code, file, flags)
    })
