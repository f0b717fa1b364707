import type { Resources, Token } from '@crystalmath/contract'
import type { SubmitWords } from '../scheduler.ts'
import { directives } from './directives.ts'

type Reason = ReturnType<SubmitWords['reasonFor']>

const REASONS: readonly (readonly [RegExp, Reason])[] = [
  [/would exceed|maximum number of jobs|limit on (number of )?jobs|per-user limit|per-group limit/i, 'QUOTA'],
  [/queue is not enabled|not accepting|maintenance/i, 'MAINTENANCE'],
  [/no space left|quota exceeded/i, 'DISK_FULL'],
  [
    /unknown|illegal|invalid|violates|exceeds|unauthorized|access|denied|bad uid|no default queue|script|usage|directive/i,
    'INVALID',
  ],
]

/** `qsub` itself says that there is no job. */
const REFUSED =
  '^qsub: (.*[Ww]ould exceed|Unauthorized|Unknown|Job (exceeds|violates)|[Ii]llegal|Maximum|[Ii]nvalid|Bad UID|script|No default queue|Queue is not enabled|Access|Request invalid|directive error|Cannot set attribute|submit error)|^usage: qsub'

const SILENT =
  'timed out|[Cc]onnection (refused|reset)|cannot connect|[Cc]ommunication failure|End of File|[Pp]remature|try again|[Bb]usy|Server shutting down'

/** Submits `job.sh` under the token's name, with `/bin/sh`, never to be run again by PBS. */
export const submit = (token: Token, resources: Resources): SubmitWords => ({
  argv: ['qsub', '-N', token, '-r', 'n', '-S', '/bin/sh', '-o', 'job.out', '-e', 'job.err', ...directives(resources), 'job.sh'],
  idFrom: String.raw`s/^\([0-9][0-9]*\.[A-Za-z0-9._-]*\)$/\1/p`,
  refused: REFUSED,
  silent: SILENT,
  reasonFor: (said) => REASONS.find(([pattern]) => pattern.test(said))?.[1] ?? 'OTHER',
})
