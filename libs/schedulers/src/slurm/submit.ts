import type { Resources, Token } from '@crystalmath/contract'
import type { SubmitWords } from '../scheduler.ts'
import { directives } from './directives.ts'
import { cleanly } from './status.ts'

type Reason = ReturnType<SubmitWords['reasonFor']>

/** The first that fits decides. `sbatch` prints the reason by name, then in words. */
const REASONS: readonly (readonly [RegExp, Reason])[] = [
  // of the job itself: no waiting mends it
  [/(QOS|Assoc)[A-Za-z]*(PerJob|PerNode|WallDuration|MinCpu|MinNode|MinGRES|TimeLimit)[A-Za-z]*/i, 'INVALID'],
  [/reservation is invalid/i, 'INVALID'],
  [/QOSMaxSubmitJob|AssocMaxSubmitJob|MaxSubmitJobs?(PerUser|PerAccount)?Limit|job submit limit/i, 'QUOTA'],
  [/(QOS|Assoc)[A-Za-z]*(Max|Min|Grp)[A-Za-z]*(Limit|PerUser|PerJob|PerNode|PerAccount)/, 'QUOTA'],
  [/violates accounting\/QOS policy/i, 'QUOTA'],
  [/disk quota exceeded|no space left/i, 'DISK_FULL'],
  [/maximum (number of )?jobs|too many jobs|max(imum)? job count|slurm temporarily unable to accept job/i, 'QUEUE_FULL'],
  [/reservation|maintenance/i, 'MAINTENANCE'],
  [/partition.*(down|inactive|not available)|drained/i, 'MAINTENANCE'],
  [
    /invalid|unrecognized|not available|cannot be satisfied|can not be satisfied|does not look like|line breaks|unable to open|permission|exceeds|more processors/i,
    'INVALID',
  ],
]

/** Definite: `sbatch` itself says that no job was made, or never asked for one. */
const REFUSED =
  'Batch job submission failed|Memory specification can not be satisfied|unrecognized option|invalid option|Invalid (numeric|--|time|account)|does not look like a batch script|DOS line breaks|Unable to open file|error: invalid|requires an argument'

/** No answer: the controller may have queued the job before the line went dead. */
const SILENT =
  'timed out|[Uu]nable to contact|temporarily|try again|[Ss]end/[Rr]ecv|[Cc]onnection (refused|reset)|Zero Bytes|Unexpected message|Protocol authentication|authentication'

/**
 * No connection to a controller was made, so no request left. Slurm keeps that apart from a failure to send or to receive
 * (SLURMCTLD_COMMUNICATIONS_CONNECTION_ERROR, `slurm_send_recv_controller_msg`), and tries again only after an answer that no job was made.
 */
const UNSENT = String.raw`^sbatch: error: Batch job submission failed: Unable to contact slurm controller \(connect failure\)$`

/** Submits `job.sh` under the token's name. Never requeued by Slurm: whether an attempt runs again is ours to decide. */
export const submit = (token: Token, resources: Resources, indexes: readonly number[] = []): SubmitWords => ({
  argv: cleanly(
    'sbatch',
    '--parsable',
    '--no-requeue',
    `--job-name=${token}`,
    `--comment=${token}`,
    ...(indexes.length === 0
      ? ['--output=job.out', '--error=job.err']
      : [`--array=${ranges(indexes)}`, '--output=m/%a/job.out', '--error=m/%a/job.err']),
    '--open-mode=append',
    ...directives(resources),
    'job.sh',
  ),
  idFrom: String.raw`s/^\([0-9][0-9]*\)\(;.*\)\{0,1\}$/\1/p`,
  refused: REFUSED,
  silent: SILENT,
  unsent: UNSENT,
  reasonFor: (said) => REASONS.find(([pattern]) => pattern.test(said))?.[1] ?? 'OTHER',
})

/** `0-3,7`: of ascending numbers. */
export function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = []
  for (const n of numbers) {
    const last = runs.at(-1)
    if (last !== undefined && last[1] === n - 1) last[1] = n
    else runs.push([n, n])
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',')
}
