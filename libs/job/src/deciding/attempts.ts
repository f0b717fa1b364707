import { type Evidence, isOver } from '@crystalmath/contract'
import type { Command } from '../commands.ts'
import type { JobEvent } from '../events.ts'
import type { Job } from '../job.ts'

export function parsed(
  job: Job,
  { at, resultId, summary, diagnosis }: Extract<Command, { type: 'RecordResult' }>,
): readonly JobEvent[] {
  const stored: JobEvent = { type: 'OutputParsed', at, resultId, summary }
  if (diagnosis === null) {
    const said = `a good completion: ended ${job.end?.ending ?? ''}, result ${resultId}`
    return [stored, { type: 'JobCompleted', at, evidence: { source: 'parser', at, clock: 'platform', said } }]
  }
  if (job.cancelRequested !== null) {
    const said = `cancelled by ${job.cancelRequested.by}; ${diagnosis.message}`.slice(0, 2_000)
    return [stored, { type: 'JobCancelled', at, evidence: { source: 'parser', at, clock: 'platform', said } }]
  }
  return [stored, { type: 'RecoveryRequested', at, diagnosis }]
}

type Beginning = Pick<Job, 'origin' | 'structureHash' | 'parameters' | 'resources'>

/** A member's own word that its programs ended: its pilot goes on, and no scheduler knows of it. */
const isOverByItsPilot = ({ batch, end }: Job): boolean => batch?.kind === 'pilot' && end?.provedBy === 'sentinel'

export function next(job: Job, { origin, structureHash, parameters, resources }: Beginning, at: string): JobEvent {
  // An end by the owner's own word with the scheduler's terminal state is over; anything else may still run somewhere.
  const isProvedOver =
    job.tryNumber === 0 || ((job.end?.provedBy === 'scheduler' || isOverByItsPilot(job)) && job.mayComeLate !== true)
  return {
    type: 'AttemptDerived',
    at,
    attempt: job.attempt + 1,
    origin,
    structureHash,
    parameters,
    resources,
    fence: !isProvedOver,
  }
}

export const wasSent = (job: Job): boolean => job.tryNumber > 0 || job.past.some(({ nativeId }) => nativeId !== null)

/** A wish to cancel that came while fencing is fulfilled by the fence. */
export function fenced(job: Job, attempt: number, evidence: Evidence, at: string): readonly JobEvent[] {
  const proved: JobEvent = { type: 'AttemptFenced', at, fenced: attempt, evidence }
  return job.cancelRequested === null || isOver(job.status) ? [proved] : [proved, { type: 'JobCancelled', at, evidence }]
}

/** Not yet claimed, or refused → cancelled at once. Else the wish is noted and the status changes on evidence. */
export function cancelled(job: Job, by: string, at: string): readonly JobEvent[] {
  if (isOver(job.status) || job.cancelRequested !== null) return []
  if (job.status === 'accepted' && job.fencing === null && job.mayComeLate === true)
    return [{ type: 'CancelRequested', at, by }, fencingOf(job, at)]
  if (job.status === 'accepted' && job.fencing === null) {
    const evidence: Evidence = { source: 'user', at, clock: 'platform', said: `cancelled by ${by} before it was submitted` }
    return [{ type: 'JobCancelled', at, evidence }]
  }
  // its last attempt is over, and read or not to be read soon: all that is left is a next one, which nobody wants now
  if (job.status === 'ended' && (job.resultId !== null || job.waitingFor?.kind === 'PARSER_FAULT'))
    return [cancelledInstead({ ...job, cancelRequested: { by, at } }, at)]
  return [{ type: 'CancelRequested', at, by }]
}

/** Before a job is called cancelled: the cancel file lies there, and nothing of its name is in the queue. */
export const fencingOf = ({ attempt }: Pick<Job, 'attempt'>, at: string): JobEvent => ({ type: 'FencingBegun', at, attempt })

/** No next attempt: somebody wants the job cancelled. */
export const cancelledInstead = ({ cancelRequested, verdict }: Job, at: string): JobEvent => {
  const said = `cancelled by ${cancelRequested?.by ?? '?'}${verdict === null ? '' : `; ${verdict}`}`.slice(0, 2_000)
  return { type: 'JobCancelled', at, evidence: { source: 'user', at, clock: 'platform', said } }
}
