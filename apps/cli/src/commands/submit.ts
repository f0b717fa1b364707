import { CODE_NAMES } from '@crystalmath/contract'
import { type Command, Option } from 'commander'
import { withConnection } from '../connection.ts'
import { parseCount, parseInteger, parseMemory, parsePair, parseSetting, parseSpan } from '../flags.ts'
import type { SubmitFlags } from '../submitting/requests.ts'

const HELP = `
FILE is a JSON file with one job, an array of jobs or { "jobs": […] } (- for standard input), or a structure: CIF, POSCAR,
XYZ or extended XYZ. Several structures make several jobs. Flags go before what a JSON file says. Nothing is submitted
unless every row is good; --dry-run only checks.

Examples:
  crystalmath submit si.cif --code quantum-espresso --cluster alps --calculation relax --set system.ecutwfc=40
  crystalmath submit ni/*.cif --code vasp --cluster alps --ranks 64 --nodes 2 --walltime 4h --label series=ni
  crystalmath submit jobs.json --project oxides --wait
  make-jobs | crystalmath submit - --dry-run`

/** `crystalmath submit FILE…`. */
export const addSubmit = (program: Command): Command =>
  withConnection(program.command('submit'))
    .description('submit one job or thousands')
    .argument('<file...>', 'JSON of jobs, or structures')
    .option('--project <id>', 'the project (CRYSTALMATH_PROJECT, else the one that login stored)')
    .option('--cluster <name>', 'where to run; may be left out if there is only one')
    .addOption(new Option('--code <code>', 'the code to run').choices([...CODE_NAMES]))
    .option('--calculation <kind>', "what to compute: scf, relax, vc-relax …, by the code's own list (parameters.calculation)")
    .option('--set <a.b=value>', 'a setting of the code; may be repeated', parseSetting)
    .option('--name <text>', "the job's name; else the structure's file name")
    .option('--label <key=value>', 'to find jobs by; may be repeated', parsePair)
    .option('--nodes <n>', 'nodes', parseCount)
    .option('--ranks <n>', 'MPI ranks in all', parseCount)
    .option('--threads <n>', 'threads per rank', parseCount)
    .option('--gpus <n>', 'GPUs per node', parseCount)
    .option('--memory <amount>', 'memory: 500M, 16G', parseMemory)
    .option('--walltime <time>', 'longest run: 90m, 4h, 1-12:00:00', parseSpan)
    .option('--partition <name>')
    .option('--account <name>', 'the account that the scheduler charges')
    .option('--qos <name>')
    .option('--priority <n>', 'higher first', parseInteger)
    .addOption(
      new Option('--strategy <name>', 'what to do upon failure').choices(['FAIL_FAST', 'RETRY', 'CHECKPOINT', 'ADAPTIVE']),
    )
    .option('--max-attempts <n>', 'attempts in all', parseCount)
    .option('--after <job>', 'start when that job is completed')
    .option('--skip-bad', 'leave out rows that are wrong instead of refusing all')
    .option('--dry-run', 'check everything, submit nothing')
    .option('--idempotency-key <key>', 'the same key and jobs again make nothing twice')
    .option('--wait', 'until all are over; exit status 1 if one is not completed')
    .option('--json', 'as JSON')
    .addHelpText('after', HELP)
    .action(async (files: readonly string[], flags: SubmitFlags) => {
      const { submit } = await import('../submitting/submit.ts')
      await submit(files, flags)
    })
