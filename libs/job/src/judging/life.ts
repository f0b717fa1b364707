import type { AccountingRow, AttemptSight, Evidence, QueueRow } from '@crystalmath/contract'
import type { LiveJob } from '../job.ts'
import { isoOf, isoOfSeconds } from './clocks.ts'
import { isInPilot } from './members.ts'
import type { Judgement, Observations } from './observations.ts'
import { asNativeId, idOf, type Rows } from './rows.ts'

/** A queue row, a start sentinel or a running record. */
export function signOfLife(job: LiveJob, seen: Observations, { queue, accounting }: Rows): Judgement | null {
  const start = seen.sight?.start ?? null
  if (queue !== null && queue.state !== 'ended' && queue.state !== 'unknown') return inQueue(job, seen, queue)
  if (start !== null && seen.queue === null && seen.accounting === null) return begun(start)
  if (seen.queue === null && accounting !== null && accounting.ending === null) return recorded(job, seen, accounting)
  return null
}

function inQueue(job: LiveJob, seen: Observations, row: QueueRow): Judgement {
  const start = seen.sight?.start ?? null
  const running = start !== null || (!isInPilot(job) && row.state !== 'pending' && row.state !== 'requeued')
  const reason = row.reason === null ? '' : ` (${row.reason})`
  return {
    kind: 'alive',
    status: running ? 'running' : 'pending',
    nativeId: row.nativeId,
    startedAt: start === null ? isoOfSeconds(running ? row.startedSeconds : null) : isoOf(start.atSeconds * 1_000),
    reason: row.reason,
    waits: running ? null : (row.waits ?? null),
    evidence: {
      source: 'squeue',
      at: seen.queue?.begunAt ?? seen.at,
      clock: 'platform',
      said: `${row.nativeId} ${row.raw}${reason}${row.nodes === null ? '' : ` on ${row.nodes}`}`,
    },
  }
}

function begun(start: NonNullable<AttemptSight['start']>): Judgement {
  const at = isoOf(start.atSeconds * 1_000)
  return {
    kind: 'alive',
    status: 'running',
    nativeId: asNativeId(idOf(start.owner)),
    startedAt: at,
    reason: null,
    evidence: {
      source: 'sentinel',
      by: '.crystalmath/start',
      at,
      clock: 'cluster',
      said: `started by ${start.owner} on ${start.host}`,
    },
  }
}

function recorded(job: LiveJob, seen: Observations, record: AccountingRow): Judgement {
  return {
    kind: 'alive',
    status: !isInPilot(job) && /^RUN|^SUSP|^COMPLETING/.test(record.raw) ? 'running' : 'pending',
    nativeId: record.nativeId,
    startedAt: isoOfSeconds(record.startedSeconds),
    reason: record.reason,
    evidence: {
      source: 'sacct',
      at: seen.accounting?.begunAt ?? seen.at,
      clock: 'platform',
      said: `${record.nativeId} ${record.raw}`,
    },
  }
}

/** A silent submission that left a lock, an id or a record was submitted; whether it still lives, listings tell from now on. */
export function traceOfSubmission(job: LiveJob, { sight, at }: Observations, { accounting }: Rows): Judgement | null {
  if (job.status !== 'submitting' || sight === null) return null
  if (sight.lockOwner === null && sight.nativeId === null && accounting !== null) {
    const evidence: Evidence = { source: 'sacct', at, clock: 'platform', said: `${accounting.nativeId} ${accounting.raw}` }
    const { nativeId } = accounting
    return { kind: 'alive', status: 'pending', nativeId, startedAt: null, reason: accounting.reason, evidence }
  }
  const nativeId = asNativeId(idOf(sight.lockOwner) ?? sight.nativeId)
  if (nativeId === null) return null
  const said = sight.lockOwner === null ? `submitted as ${nativeId}` : `begun by ${sight.lockOwner}`
  return {
    kind: 'alive',
    status: sight.lockOwner === null ? 'pending' : 'running',
    nativeId,
    startedAt: sight.start === null ? null : isoOf(sight.start.atSeconds * 1_000),
    reason: null,
    evidence: { source: 'folder', by: sight.lockOwner === null ? 'job.id' : '.crystalmath/lock', at, clock: 'platform', said },
  }
}
