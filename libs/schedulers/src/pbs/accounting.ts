import type { AccountingRow } from '@crystalmath/contract'
import type { AccountingReading, Question, Who } from '../scheduler.ts'
import { endOf, epoch, type PbsJob, seconds, stateOf } from './records.ts'
import { readJobs } from './status.ts'

/** The server's history of finished jobs, by name. */
const HISTORY = `account=$1
shift
ids=
for name in "$@"; do
  some=$(qselect -x -u "$account" -N "$name") || exit
  ids="$ids $some"
done
[ -n "\${ids# }" ] || exit 0
TZ=UTC exec qstat -x -f $ids`

/** How far back the history goes is the site's choice (job_history_duration, two weeks by default). */
export const accounting = ({ account, tokens }: Who, _sinceSeconds: number): Question<AccountingReading> => ({
  argv: ['sh', '-c', HISTORY, 'sh', account, ...tokens],
  timeoutSeconds: 50,
  read(said) {
    const { jobs, trouble } = readJobs(said, 'qstat -x', 'ACCOUNTING_DOWN')
    return { rows: jobs.map(rowOf), complete: trouble === null, trouble }
  },
})

const rowOf = (job: PbsJob): AccountingRow => ({
  nativeId: job.nativeId,
  name: job.get('Job_Name') ?? '',
  comment: null,
  raw: `${job.get('job_state') ?? ''} ${job.get('Exit_status') ?? ''}`.trim(),
  ...endOf(job),
  submittedSeconds: epoch(job.get('ctime')),
  startedSeconds: epoch(job.get('stime')),
  endedSeconds: stateOf(job) === 'ended' ? (epoch(job.get('history_timestamp')) ?? epoch(job.get('mtime'))) : null,
  elapsedSeconds: seconds(job.get('resources_used.walltime')),
  coreCount: Number(job.get('resources_used.ncpus') ?? Number.NaN) || null,
  nodes: job.get('exec_host') ?? null,
  cancelledBy: null,
  reason: job.get('comment') ?? null,
  steps: [],
})
