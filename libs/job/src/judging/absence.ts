import type { LiveJob } from '../job.ts'
import { isoOf, msOf } from './clocks.ts'
import { isUntaken } from './members.ts'
import { disproved } from './never-submitted.ts'
import type { Judgement, Observations, Patience } from './observations.ts'
import type { Rows } from './rows.ts'

/** Not in a complete listing that began after all we know of its life. One absence proves nothing; several, a grace, and no record anywhere do. */
export function fromAbsence(job: LiveJob, seen: Observations, rows: Rows, patience: Patience): Judgement {
  const { queue } = seen
  if (queue === null || !queue.complete || rows.queue !== null) return { kind: 'nothing' }
  const lastSeen = job.lastSeenAt ?? job.claimedAt
  if (lastSeen === null || msOf(queue.begunAt) <= msOf(lastSeen)) return { kind: 'nothing' }
  if (job.status === 'submitting') return disproved(job, seen, patience)
  if (job.status !== 'pending' && job.status !== 'running') return { kind: 'nothing' }

  const absences = job.absences.includes(queue.listingId) ? job.absences.length : job.absences.length + 1
  const quietMs = msOf(queue.begunAt) - msOf(job.missingSince ?? queue.begunAt)
  if (absences < patience.absences || quietMs < patience.absenceMs) {
    return job.absences.includes(queue.listingId) ? { kind: 'nothing' } : { kind: 'missed', listingId: queue.listingId }
  }
  if (seen.sight === null) return { kind: 'nothing' } // the folder has the last word
  if (seen.hasAccounting && seen.accounting?.complete !== true) {
    return {
      kind: 'wait',
      for: 'accounting',
      because: 'gone from the queue; accounting does not answer',
      until: isoOf(msOf(seen.at) + 5_000),
    }
  }
  if (isUntaken(job, seen.sight)) {
    const said = `its pilot is absent from ${absences} complete listings, and nobody has taken its ticket`
    return { kind: 'recall', evidence: { source: 'squeue', at: queue.begunAt, clock: 'platform', said } }
  }
  const record = rows.accounting === null ? 'no accounting record' : `accounting says ${rows.accounting.raw}`
  return {
    kind: 'ended',
    nativeId: job.nativeId,
    end: {
      ending: 'LOST',
      exitCode: null,
      startedAt: job.startedAt,
      provedBy: 'absence',
      observedAt: seen.at,
      evidence: {
        source: 'squeue',
        at: queue.begunAt,
        clock: 'platform',
        said: `absent from ${absences} complete listings over ${Math.round(quietMs / 1_000)} s, no end sentinel, ${record}`,
      },
    },
  }
}
