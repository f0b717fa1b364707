import { type Evidence, tokenOf } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import { isoTime } from '@crystalmath/service'
import { placeOf } from './place.ts'
import type { Work } from './serve-writes.ts'

/** Proves that an earlier attempt is over before the next is submitted: cancel file, cancel by name, then seen absent or terminal. */
export async function fencePredecessors({ jobs, duty, clock }: Work): Promise<void> {
  const waiting = await jobs.findFencing(duty.cluster, 100)
  if (waiting.length === 0) return
  const earlier = waiting.flatMap((job) =>
    job.fencing === null ? [] : [{ job, attempt: job.fencing, place: placeOf(job, job.fencing) }],
  )
  await duty.site.cancel(earlier.map(({ job, attempt, place }) => ({ place, nativeIds: idsOf(job, attempt) })))
  const found = await duty.site.lookUp(earlier.map(({ place }) => place))
  const hasAccounting = (await jobs.findCluster(duty.cluster))?.inventory?.accounting ?? false
  for (const { job, attempt } of earlier) {
    const token = tokenOf(job.id, attempt)
    const queued = found.queue.rows.filter((row) => row.name === token && row.state !== 'ended')
    const recorded = found.accounting.rows.filter((row) => row.name === token && row.ending === null)
    const isOver =
      found.queue.complete && queued.length === 0 && (!hasAccounting || (found.accounting.complete && recorded.length === 0))
    if (!isOver) continue
    const at = isoTime(clock)
    const evidence: Evidence = {
      source: 'squeue',
      at: found.queue.begunAt,
      clock: 'platform',
      said: `attempt ${attempt} was cancelled by name and is in no complete listing`,
    }
    await jobs.tell(job.id, { type: 'RecordFence', at, fenced: attempt, evidence })
  }
}

const idsOf = (job: Job, attempt: number) =>
  job.past.flatMap((past) => (past.attempt === attempt && past.nativeId !== null ? [past.nativeId] : []))
