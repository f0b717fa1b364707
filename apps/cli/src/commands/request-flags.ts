import { CODE_NAMES } from '@crystalmath/contract'
import { type Command, Option } from 'commander'
import { parseCount, parseInteger, parseMemory, parsePair, parseSetting, parseSpan } from '../flags.ts'

/** What is computed, and how; of one job, of many files, or of every row of a table. */
export const withSettings = (command: Command): Command =>
  command
    .option('--preset <name>', 'the protocol: fast, moderate, precise, or another of the code’s (parameters.preset)')
    .option('--calculation <kind>', "what to compute: scf, relax, vc-relax …, by the code's own list (parameters.calculation)")
    .option('--set <a.b=value>', 'a setting of the code; may be repeated', parseSetting)

/** What a run may use. */
export const withSize = (command: Command): Command =>
  command
    .option('--nodes <n>', 'nodes', parseCount)
    .option('--ranks <n>', 'MPI ranks in all', parseCount)
    .option('--threads <n>', 'threads per rank', parseCount)
    .option('--memory <amount>', 'memory: 500M, 16G', parseMemory)
    .option('--walltime <time>', 'longest run: 90m, 4h, 1-12:00:00', parseSpan)

/** A whole request, but for its structure and where it runs. */
export const withRequest = (command: Command): Command =>
  withSize(
    withSettings(command.addOption(new Option('--code <code>', 'the code to run').choices([...CODE_NAMES]))).option(
      '--label <key=value>',
      'to find jobs by; may be repeated',
      parsePair,
    ),
  )
    .option('--gpus <n>', 'GPUs per node', parseCount)
    .option('--partition <name>')
    .option('--account <name>', 'the account that the scheduler charges')
    .option('--qos <name>')
    .option('--priority <n>', 'higher first', parseInteger)
    .addOption(
      new Option('--strategy <name>', 'what to do upon failure').choices(['FAIL_FAST', 'RETRY', 'CHECKPOINT', 'ADAPTIVE']),
    )
    .option('--max-attempts <n>', 'attempts in all', parseCount)
