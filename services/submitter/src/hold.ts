import { isOf, placeOf } from '@crystalmath/cluster'
import { type Evidence, TransientError } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import { isoTime } from '@crystalmath/service'
import type { Work } from './work.ts'

/** Sets the scheduler's own hold on pending jobs that somebody holds, and takes it off when they are released. What the queue does not show as pending is left alone: ids come again. */
export async function keepHolds(work: Work): Promise<void> {
  const { jobs, duty, config, clock, lastAsked } = work
  const now = clock.monotonicMs()
  const wanted = await jobs.findHolding(duty.cluster, config.BATCH)
  const due = wanted.filter(
    (job) => now - (lastAsked.get(keyOf(job)) ?? Number.NEGATIVE_INFINITY) > config.UNANSWERED_SECONDS * 1_000,
  )
  if (due.length === 0) return
  for (const job of due) lastAsked.set(keyOf(job), now)
  const { queue } = await duty.site.lookUp(due.map((job) => placeOf(job)))
  for (const job of due) {
    const row = queue.rows.find((one) => one.state === 'pending' && isOf(placeOf(job), one))
    if (row !== undefined) await setHold(work, job, row.nativeId)
  }
}

/** Anew for every change of mind. */
const keyOf = ({ id, attempt, holds }: Job): string => `hold.${id}.${attempt}.${holds.length > 0}`

async function setHold({ jobs, duty, clock }: Work, job: Job, nativeId: NonNullable<Job['nativeId']>): Promise<void> {
  const held = job.holds.length > 0
  try {
    await duty.site.setHold(nativeId, held)
  } catch (error) {
    if (!(error instanceof TransientError) || error.waitingFor !== 'SCHEDULER_DOWN') throw error
    // it may run by now, which the next listing tells; else it is tried again
    duty.log.warn({ err: error, jobId: job.id, held }, 'the scheduler did not change a hold')
    return
  }
  const at = isoTime(clock)
  const evidence: Evidence = {
    source: 'scheduler',
    at,
    clock: 'platform',
    said: held ? `${nativeId} is held in the queue` : `${nativeId} is released in the queue`,
  }
  await jobs.tell(job.id, { type: 'RecordQueueHold', at, attempt: job.attempt, held, evidence })
  duty.log.info({ jobId: job.id, held }, 'hold changed in the queue')
}
