import { isOf, placeOf } from '@crystalmath/cluster'
import { type EndSentinel, type Evidence, tokenOf } from '@crystalmath/contract'
import { goodEndOf, type Job, LISTING_LAG_SECONDS, PATIENCE } from '@crystalmath/job'
import { isoTime } from '@crystalmath/service'
import type { Work } from './work.ts'

/** Proves that an attempt is over before the next is submitted, or before its job is called cancelled: cancel file, cancel by name, then seen absent or terminal. One that is found to have finished well meanwhile is the job's attempt again. */
export async function fencePredecessors({ jobs, duty, clock, unseen }: Work): Promise<void> {
  const waiting = await jobs.findFencing(duty.cluster, 100)
  if (waiting.length === 0) return
  const earlier = waiting.flatMap((job) =>
    job.fencing === null ? [] : [{ job, attempt: job.fencing, place: placeOf(job, job.fencing) }],
  )
  await duty.site.cancel(earlier.map(({ job, attempt, place }) => ({ place, nativeIds: idsOf(job, attempt) })))
  const found = await duty.site.lookUp(earlier.map(({ place }) => place))
  const hasAccounting = (await jobs.findCluster(duty.cluster))?.inventory?.accounting ?? false
  for (const { job, attempt, place } of earlier) {
    const token = tokenOf(job.id, attempt)
    const at = isoTime(clock)
    const sight = found.sights.get(token) ?? null
    const late = sight === null ? null : goodEndOf(sight, at)
    if (late !== null && (await jobs.tell(job.id, { type: 'AdoptLate', at, attempt, ...late }))?.fencing !== attempt) continue
    // a pilot goes on without its member, which tells its end itself
    const own = sight?.end ?? null
    if (place.batch?.kind === 'pilot' && own !== null && isGone(own, sight?.clusterSeconds ?? 0)) {
      const said = `attempt ${attempt} ended in its pilot: ${own.cause}, exit code ${own.exitCode}`
      const evidence: Evidence = { source: 'sentinel', by: '.crystalmath/end', at, clock: 'platform', said }
      await jobs.tell(job.id, { type: 'RecordFence', at, fenced: attempt, evidence })
      continue
    }
    const queued = found.queue.rows.filter((row) => isOf(place, row) && row.state !== 'ended')
    const recorded = found.accounting.rows.filter((row) => isOf(place, row) && row.ending === null)
    const isAbsent = found.queue.complete && queued.length === 0 && (!hasAccounting || found.accounting.complete)
    const quiet = isAbsent ? noted(unseen, token, clock.monotonicMs()) : null
    if (quiet === null) {
      if (found.queue.complete) unseen.delete(token)
      continue
    }
    // a scheduler that lost its state leaves records that never end
    const isRunaway = recorded.length > 0
    if (isRunaway && (quiet.count < PATIENCE.absences || quiet.ms < PATIENCE.absenceMs)) continue
    // the queue's own word that it ended, or silence for longer than a listing may lag
    const over = found.queue.rows.filter((row) => isOf(place, row) && row.state === 'ended')
    if (over.length === 0 && quiet.ms < LISTING_LAG_SECONDS * 1_000) continue
    // what ran a moment ago may have finished well: a slow file system hides that for a while
    const mayHide = sight?.end == null && over.some((row) => row.startedSeconds !== null)
    if (mayHide && quiet.ms < PATIENCE.sentinelMs) continue
    unseen.delete(token)
    const evidence: Evidence = {
      source: 'squeue',
      at: found.queue.begunAt,
      clock: 'platform',
      said: isRunaway
        ? `attempt ${attempt} was cancelled by name and is in none of ${quiet.count} complete listings over ${Math.round(quiet.ms / 1_000)} s; its accounting record never ended`
        : `attempt ${attempt} was cancelled by name and is in no complete listing`,
    }
    await jobs.tell(job.id, { type: 'RecordFence', at, fenced: attempt, evidence })
  }
}

/** Seconds after which a pilot has killed a member that it told to end: twice what it waits itself. */
const KILLED_SECONDS = 60

/** Told to end, a member says so first of all: its programs may go on until its pilot, or the batch system, kills them. */
function isGone({ cause, atSeconds }: EndSentinel, clusterSeconds: number): boolean {
  if (cause === 'timeout' || cause === 'cancelled') return clusterSeconds - atSeconds > KILLED_SECONDS
  return cause !== 'terminated'
}

/** How often and how long a complete listing has not shown it, one after the other. */
function noted(unseen: Work['unseen'], token: string, nowMs: number): { readonly count: number; readonly ms: number } {
  const { count, sinceMs } = unseen.get(token) ?? { count: 0, sinceMs: nowMs }
  unseen.set(token, { count: count + 1, sinceMs })
  return { count: count + 1, ms: nowMs - sinceMs }
}

const idsOf = (job: Job, attempt: number) =>
  job.past.flatMap((past) => (past.attempt === attempt && past.nativeId !== null ? [past.nativeId] : []))
