import type { Resources, Token } from '@crystalmath/contract'
import type { SubmitWords } from '../scheduler.ts'
import { directives } from './directives.ts'
import { flux } from './words.ts'

type Reason = ReturnType<SubmitWords['reasonFor']>

const REASONS: readonly (readonly [RegExp, Reason])[] = [
  [/max(imum)? (number of )?(active )?jobs|limit of .*jobs|max jobs/i, 'QUOTA'],
  [/submission is (currently )?(disabled|not enabled)|queue .*(stopped|disabled)/i, 'MAINTENANCE'],
  [/no space left|quota exceeded/i, 'DISK_FULL'],
  [/invalid|unsatisfiable|unrecognized|usage|no such|exceeds|not found|feasib/i, 'INVALID'],
]

/** Flux validates a job before it takes it, and says so before any id is made. */
const REFUSED =
  'unsatisfiable|[Ii]nvalid|unrecognized arguments|^usage:|exceeds|No such file|[Ss]ubmission is|max.*jobs|feasib|not found'
const SILENT =
  'timed out|[Tt]imeout|[Cc]onnection (refused|reset)|Unable to connect|ENOSYS|Function not implemented|EHOSTUNREACH|Resource temporarily'

/** Submits `job.sh` as the initial program of an instance of its own, under the token's name. */
export const submit = (token: Token, resources: Resources): SubmitWords => ({
  argv: [...flux('batch', `--job-name=${token}`, '--output=job.out', '--error=job.err'), ...directives(resources), 'job.sh'],
  idFrom: String.raw`s/^\(f[1-9A-HJ-NP-Za-km-z]\{1,12\}\)$/\1/p`,
  refused: REFUSED,
  silent: SILENT,
  reasonFor: (said) => REASONS.find(([pattern]) => pattern.test(said))?.[1] ?? 'OTHER',
})
