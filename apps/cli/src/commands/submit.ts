import type { Command } from 'commander'
import { withConnection } from '../connection.ts'
import type { SubmitFlags } from '../submitting/requests.ts'
import { withRequest } from './request-flags.ts'

const HELP = `
FILE is a JSON file with one job, an array of jobs or { "jobs": […] } (- for standard input), or a structure: CIF, POSCAR,
XYZ or extended XYZ. Several structures make several jobs. Flags go before what a JSON file says. Nothing is submitted
unless every row is good; --dry-run only checks.

Examples:
  crystalmath submit si.cif --code quantum-espresso --cluster alps --calculation relax --preset moderate
  crystalmath submit si.cif --code quantum-espresso --cluster alps --calculation relax --set system.ecutwfc=40
  crystalmath submit ni/*.cif --code vasp --cluster alps --ranks 64 --nodes 2 --walltime 4h --label series=ni
  crystalmath submit jobs.json --project oxides --wait
  make-jobs | crystalmath submit - --dry-run`

/** `crystalmath submit FILE…`. */
export const addSubmit = (program: Command): Command =>
  withRequest(
    withConnection(program.command('submit'))
      .description('submit one job or thousands')
      .argument('<file...>', 'JSON of jobs, or structures')
      .option('--project <id>', 'the project (CRYSTALMATH_PROJECT, else the one that login stored)')
      .option('--cluster <name>', 'where to run; may be left out if there is only one')
      .option('--name <text>', "the job's name; else the structure's file name"),
  )
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
