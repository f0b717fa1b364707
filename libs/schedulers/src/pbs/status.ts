import type { QueueRow } from '@crystalmath/contract'
import { gist, troubleOf } from '../said.ts'
import type { Question, QueueReading, Said, Who } from '../scheduler.ts'
import { endOf, epoch, jobsOf, type PbsJob, stateOf } from './records.ts'

/** qstat takes no name of a user beside `-f`, so qselect finds the ids. `-x` shows jobs that end in between; not all sites keep a history. */
const LIST = `ids=$(qselect -u "$1") || exit
[ -n "$ids" ] || exit 0
export TZ=UTC
qstat -x -f $ids 2>/dev/null || qstat -f $ids`

export function readJobs(said: Said, command: string, kind: 'SCHEDULER_DOWN' | 'ACCOUNTING_DOWN') {
  const trouble = troubleOf(said, command, kind)
  if (trouble !== null) return { jobs: [], trouble }
  const jobs = jobsOf(said.stdout)
  if (jobs === null)
    return {
      jobs: [],
      trouble: { kind: 'OTHER' as const, said: `${command} printed what is none of its own: "${gist(said.stdout)}"` },
    }
  return { jobs, trouble: null }
}

/** Jobs of the account that are not over. */
export const queue = ({ account, tokens }: Who): Question<QueueReading> => ({
  argv: ['sh', '-c', LIST, 'sh', account],
  timeoutSeconds: 40,
  read(said) {
    const { jobs, trouble } = readJobs(said, 'qstat', 'SCHEDULER_DOWN')
    const wanted = new Set<string>(tokens)
    const rows = jobs.filter((job) => wanted.size === 0 || wanted.has(job.get('Job_Name') ?? '')).map(rowOf)
    return { rows, complete: trouble === null, trouble }
  },
})

const rowOf = (job: PbsJob): QueueRow => ({
  nativeId: job.nativeId,
  name: job.get('Job_Name') ?? '',
  state: stateOf(job),
  raw: job.get('job_state') ?? '',
  reason: job.get('job_state') === 'H' ? `Held (${job.get('Hold_Types') ?? '?'})` : (job.get('comment') ?? null),
  submittedSeconds: epoch(job.get('ctime')),
  startedSeconds: epoch(job.get('stime')),
  nodes: job.get('exec_host') ?? null,
  restartCount: null,
  ending: endOf(job).ending,
})
