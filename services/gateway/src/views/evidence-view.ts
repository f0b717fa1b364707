import type { EvidenceView } from '@crystalmath/contract'
import type { Job, JobEvent } from '@crystalmath/job'
import { evidenceOf, toEventView } from './event-view.ts'

/** Why we believe the state of a job, and what would change our mind. */
export function toEvidenceView(job: Job, events: readonly JobEvent[]): EvidenceView {
  return {
    id: job.id,
    status: job.status,
    attempt: job.attempt,
    belief: beliefOf(job),
    because: job.evidence,
    waitingFor: job.waitingFor,
    wouldChange: [...wouldChange(job)],
    history: events.map(toEventView).filter((_, index) => isWeighty(events[index])),
  }
}

const isWeighty = (event: JobEvent | undefined): boolean =>
  event !== undefined && (evidenceOf(event) !== null || event.type === 'Missed' || event.type === 'JobPosted')

function beliefOf(job: Job): string {
  const which = job.attempt === 1 ? '' : ` in attempt ${job.attempt}`
  const native = job.nativeId === null ? '' : ` as ${job.nativeId}`
  switch (job.status) {
    case 'accepted':
      return job.fencing === null
        ? `nothing of${which === '' ? ' it' : ` attempt ${job.attempt}`} has been sent to ${job.cluster}`
        : job.fencing === job.attempt
          ? `nobody wants it any more, but a try of attempt ${job.attempt} may still come to the queue of ${job.cluster}`
          : `attempt ${job.fencing} may still run on ${job.cluster}, so attempt ${job.attempt} is not sent yet`
    case 'submitting':
      return `try ${job.tryNumber}${which} may have reached ${job.cluster}, and no answer proves it yet`
    case 'pending':
      return `it waits in the queue of ${job.cluster}${native}${which}${job.heldInQueue === true ? ', held there by the scheduler' : ''}`
    case 'running':
      return job.end === null
        ? `it runs on ${job.cluster}${native}${which}`
        : `it ended ${job.end.ending} on ${job.cluster}${native}${which}, and its outputs are on their way`
    case 'ended':
      return `it ended ${job.end?.ending ?? ''} on ${job.cluster}${native}${which}, and its outputs are kept`
    case 'completed':
      return `it is completed, with result ${job.resultId ?? 'unknown'}`
    case 'failed':
      return `it failed for good: ${job.verdict ?? 'no reason is known'}`
    case 'cancelled':
      return 'it was cancelled, and nothing of it runs'
  }
}

/** What moves a job on from each state; pure. */
export function wouldChange(job: Job): readonly string[] {
  const cancel =
    job.cancelRequested === null
      ? []
      : [`${job.cancelRequested.by} asked to cancel it: proof that it is absent from the queue or ended makes it cancelled`]
  switch (job.status) {
    case 'accepted':
      return [...accepted(job), ...cancel]
    case 'submitting':
      return [
        'an id that the scheduler gave, a start or end sentinel, or its token in the queue or in accounting: it was submitted',
        'a refusal by the scheduler, or two complete listings without it once the claim is old enough: it was not, and the next try may begin',
        ...cancel,
      ]
    case 'pending':
    case 'running':
      return job.end === null
        ? [...live(job), ...cancel]
        : [`its outputs in our store, or proof that they are missing: it becomes ended`]
    case 'ended':
      if (job.waitingFor?.kind === 'PARSER_FAULT')
        return [
          'its dead letter sent again, or a parser that starts anew, once the fault is mended: its kept outputs are read again',
        ]
      return job.resultId === null
        ? ['the parser stores a result: completed if it is good, else recovery is asked']
        : ['recovery finds a remedy: a next attempt; or none: failed for good']
    case 'completed':
      return ['nothing: a completed job keeps its result']
    case 'failed':
    case 'cancelled':
      return [
        'somebody retries it: a next attempt',
        ...(job.end === null ? [] : ['nothing that the cluster says later: an attempt that is over stays over']),
      ]
  }
}

function accepted(job: Job): readonly string[] {
  if (job.fencing !== null)
    return [`proof that attempt ${job.fencing} is over: its cancel file, and its absence from queue and accounting`]
  if (job.holds.length > 0) return ['its release, by a user or when the hold runs out']
  if (job.waitingFor !== null)
    return [`${job.waitingFor.kind} passes${job.nextActionAt === null ? '' : `; looked at again at ${job.nextActionAt}`}`]
  return ['the submitter takes it by priority and age, as many at once as the cluster allows']
}

const live = (job: Job): readonly string[] => [
  ...(job.status === 'pending' ? ['a start sentinel, or the word RUNNING in the queue: it runs'] : []),
  'an end sentinel of its owner with exit status 0: it ended well',
  "any other end sentinel together with the scheduler's terminal word, or after a grace without it: it ended, with that cause",
  `complete listings that do not show it, each counted once (${job.absences.length} so far), a grace, and a search by name that finds nothing: it is lost`,
  'not a listing that failed or was torn: a failed question is no answer',
]
