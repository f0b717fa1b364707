import type { AccountingRow, Ending, Evidence, NativeId, QueueListing, QueueRow } from '@crystalmath/contract'
import { isoOfSeconds } from './clocks.ts'
import type { Rows } from './rows.ts'

export type Word = {
  readonly ending: Ending
  readonly exitCode: number
  readonly nativeId: NativeId
  readonly evidence: Evidence
  readonly endedMs: number | null
  /** Whether the scheduler says that it ever began. */
  readonly began: boolean
  /** Whether it was cancelled, on its node, perhaps by the superuser: an administrator, or the scheduler, which cancels what its node could not launch. */
  readonly bySystem: boolean
}

const SUPERUSER = '0'
const NEVER = '1970-01-01T00:00:00.000Z'

/** The scheduler's terminal state of the job and its steps; accounting before queue. */
export function terminalWord({ queue, accounting }: Rows, listing: QueueListing | null): Word | null {
  // accounting writes the end down when it begins: until the queue lets go of the job, its programs may still run
  const stillThere = queue === null ? !letsGo(listing, accounting) : queue.state !== 'ended'
  const recorded = accounting === null || stillThere ? null : ofAccounting(accounting)
  return recorded ?? (queue === null ? null : ofQueue(queue))
}

/** A step's OOM goes before the job's FAILED. */
function ofAccounting({ ending, steps, ...record }: AccountingRow): Word | null {
  if (ending === null) return null
  const isOutOfMemory = steps.some((step) => step.ending === 'OUT_OF_MEMORY')
  const by = record.cancelledBy === null ? '' : ` by ${record.cancelledBy}`
  const ofSteps = steps.map((step) => `${step.name} ${step.raw} ${step.exitCode}:${step.signal}`).join(', ')
  const ofJob = `${record.nativeId} ${record.raw} ${record.exitCode}:${record.signal}${by}`
  return {
    ending: ending === 'FAILED' && isOutOfMemory ? 'OUT_OF_MEMORY' : ending,
    // as a shell says it: 128 and the signal
    exitCode: record.signal > 0 ? 128 + record.signal : record.exitCode,
    nativeId: record.nativeId,
    endedMs: record.endedSeconds === null ? null : record.endedSeconds * 1_000,
    began: record.startedSeconds !== null,
    bySystem: ending === 'CANCELLED' && record.cancelledBy === SUPERUSER && record.nodes !== null,
    evidence: {
      source: 'sacct',
      at: isoOfSeconds(record.endedSeconds) ?? NEVER,
      clock: 'cluster',
      said: `${ofJob}${ofSteps === '' ? '' : `; steps ${ofSteps}`}`.slice(0, 2_000),
    },
  }
}

function ofQueue({ state, ending, ...row }: QueueRow): Word | null {
  if (state !== 'ended' || ending === null) return null
  return {
    ending,
    exitCode: 0,
    nativeId: row.nativeId,
    endedMs: null,
    began: row.startedSeconds !== null,
    bySystem: ending === 'CANCELLED' && row.nodes !== null, // a queue does not say by whom
    evidence: {
      source: 'squeue',
      at: isoOfSeconds(row.startedSeconds) ?? NEVER,
      clock: 'cluster',
      said: `${row.nativeId} ${row.raw} ${row.reason ?? ''}`.trim(),
    },
  }
}

/** A whole listing may lag behind by so much: its silence says nothing of a job that is younger. */
export const LISTING_LAG_SECONDS = 20

/** A whole listing that would show the job. */
const letsGo = (listing: QueueListing | null, record: AccountingRow | null): boolean =>
  listing?.complete === true &&
  (listing.clusterSeconds === null || listing.clusterSeconds - (record?.submittedSeconds ?? 0) >= LISTING_LAG_SECONDS)
