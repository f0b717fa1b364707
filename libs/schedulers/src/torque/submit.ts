import type { Resources, Token } from '@crystalmath/contract'
import type { SubmitWords } from '../scheduler.ts'
import { directives } from './directives.ts'

type Reason = ReturnType<SubmitWords['reasonFor']>

const REASONS: readonly (readonly [RegExp, Reason])[] = [
  [/maximum number of jobs|QOSMaxSubmit|AssocMaxSubmit|job submit limit|violates accounting\/QOS policy/i, 'QUOTA'],
  [/queue is not enabled|not accepting|maintenance/i, 'MAINTENANCE'],
  [/no space left|quota exceeded/i, 'DISK_FULL'],
  [
    /unknown|illegal|invalid|exceed|unauthorized|denied|bad uid|no default queue|script|usage|option|cannot be satisfied/i,
    'INVALID',
  ],
]

/** `qsub` itself says that there is no job; the wrappers repeat what `sbatch` said. */
const REFUSED =
  '^qsub: (submit error|.*[Ii]llegal|.*[Ii]nvalid|Unknown|Maximum|Unauthorized|Bad UID|script|Job exceeds|No default queue|Queue is not enabled)|Batch job submission failed|invalid partition specified|Unknown option|^Usage:'

const SILENT =
  'timed out|[Uu]nable to contact|[Cc]onnection (refused|reset)|[Cc]annot connect|[Cc]ommunication failure|End of File|[Pp]remature|try again|[Ss]end/[Rr]ecv|Zero Bytes|authentication'

/** Submits `job.sh` under the token's name, never to be run again. */
export const submit = (token: Token, resources: Resources): SubmitWords => ({
  argv: ['qsub', '-N', token, '-r', 'n', '-o', 'job.out', '-e', 'job.err', ...directives(resources), 'job.sh'],
  idFrom: String.raw`s/^\([0-9][0-9]*[A-Za-z0-9._-]*\)$/\1/p`,
  refused: REFUSED,
  silent: SILENT,
  reasonFor: (said) => REASONS.find(([pattern]) => pattern.test(said))?.[1] ?? 'OTHER',
})
