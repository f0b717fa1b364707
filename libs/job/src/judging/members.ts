import { type AttemptSight, type BatchId, batchToken, carrierOf, type Ending } from '@crystalmath/contract'
import type { Job, LiveJob } from '../job.ts'
import type { Judgement } from './observations.ts'
import type { Rows } from './rows.ts'

export const isInPilot = ({ batch }: Pick<Job, 'batch'>): boolean => batch?.kind === 'pilot'

export const hasBegun = (sight: AttemptSight | null): boolean =>
  sight !== null && (sight.lockOwner !== null || sight.start !== null)

/** A pilot's member that nobody has decided about. */
export const isUntaken = (job: Pick<Job, 'batch'>, sight: AttemptSight | null): boolean =>
  isInPilot(job) && !hasBegun(sight) && sight?.ticket == null

/** Whether the rows are a pilot's: of the present try, or of an earlier one that came late and began the job all the same. */
export function isPilots({ batch, lateBatches = [] }: LiveJob, { queue, accounting }: Rows): boolean {
  const name = (accounting ?? queue)?.name
  const batches = [...lateBatches, ...(batch == null ? [] : [batch])]
  return batches.some((one) => one.kind === 'pilot' && batchToken(carrierOf(one)) === name)
}

/** What its pilot's end means for a member that it took along: it did nothing wrong, unless all of it ran out of memory. */
export const ofMember = (ending: Ending): Ending =>
  ending === 'PREEMPTED' || ending === 'OUT_OF_MEMORY' ? ending : 'NODE_FAILED'

/** Nobody can begin a member whose ticket is withdrawn. */
export const withdrawn = (batch: BatchId, at: string): Judgement => ({
  kind: 'given-back',
  batch,
  evidence: { source: 'folder', by: 'decided', at, clock: 'platform', said: 'its ticket was withdrawn before a pilot took it' },
})

/** A batch is claimed once, whatever the number of the try is to its members. */
export const claimOf = ({ batch, tryNumber }: Pick<Job, 'batch' | 'tryNumber'>): number => (batch == null ? tryNumber : 1)
