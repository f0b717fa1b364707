import type { QueueRow } from '@crystalmath/contract'
import { gist, troubleOf } from '../said.ts'
import type { Question, QueueReading, Who } from '../scheduler.ts'
import { accountOf, endingOf, epoch, jobsOf, stateOf, type TorqueJob } from './records.ts'
import { qstat } from './words.ts'

/** Completed jobs stay in it for a while (keep_completed), with how they ended. Whose they are is told by each. */
export const queue = ({ account, tokens }: Who): Question<QueueReading> => ({
  argv: qstat('-f'),
  timeoutSeconds: 40,
  read(said) {
    const trouble = troubleOf(said, 'qstat', 'SCHEDULER_DOWN')
    if (trouble !== null) return { rows: [], complete: false, trouble }
    const jobs = jobsOf(said.stdout)
    if (jobs === null)
      return {
        rows: [],
        complete: false,
        trouble: { kind: 'OTHER', said: `qstat printed what is none of its own: "${gist(said.stdout)}"` },
      }
    const wanted = new Set<string>(tokens)
    const isWanted = (job: TorqueJob) =>
      accountOf(job) === account && (wanted.size === 0 || wanted.has(job.get('Job_Name') ?? ''))
    return { rows: jobs.filter(isWanted).map(rowOf), complete: true, trouble: null }
  },
})

const rowOf = (job: TorqueJob): QueueRow => ({
  nativeId: job.nativeId,
  name: job.get('Job_Name') ?? '',
  state: stateOf(job),
  raw: job.get('job_state') ?? '',
  reason: job.get('job_state') === 'H' ? `Held (${job.get('Hold_Types') ?? '?'})` : (job.get('comment') ?? null),
  submittedSeconds: epoch(job.get('qtime')),
  startedSeconds: epoch(job.get('start_time')),
  nodes: job.get('exec_host') ?? null,
  restartCount: null,
  ending: endingOf(job),
})
