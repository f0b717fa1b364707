import type { CampaignWord, Status } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'

const STATUSES: Readonly<Record<CampaignWord, readonly Status[]>> = {
  to_run: ['accepted'],
  ready: ['submitting', 'pending'],
  running: ['running', 'ended'],
  completed: ['completed'],
  failed: ['failed'],
  timeout: ['failed'],
  cancelled: ['cancelled'],
}

/** Failed for want of wall time: by the scheduler's word, or by the outputs'. */
const TIMED_OUT = [{ 'end.ending': 'TIMEOUT' }, { diagnosis: 'OUT_OF_WALLTIME' }] as const

/** The word of a job; every job has exactly one. */
export function wordOf({ status, end, diagnosis }: Pick<Job, 'status' | 'end' | 'diagnosis'>): CampaignWord {
  switch (status) {
    case 'accepted':
      return 'to_run'
    case 'submitting':
    case 'pending':
      return 'ready'
    case 'running':
    case 'ended':
      return 'running'
    case 'failed':
      return end?.ending === 'TIMEOUT' || diagnosis === 'OUT_OF_WALLTIME' ? 'timeout' : 'failed'
    default:
      return status
  }
}

/** The same as a condition on stored jobs. */
export const wordsFilter = (words: readonly CampaignWord[]): object => ({
  $or: words.flatMap((word): readonly object[] => {
    const status = { status: { $in: [...STATUSES[word]] } }
    // a branch of its own for each sign: each has an index of its own
    if (word === 'timeout') return TIMED_OUT.map((sign) => ({ ...status, ...sign }))
    return [word === 'failed' ? { ...status, $nor: [...TIMED_OUT] } : status]
  }),
})
