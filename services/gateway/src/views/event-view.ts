import type { Evidence, JobEventView } from '@crystalmath/contract'
import type { JobEvent } from '@crystalmath/job'

/** A stored fact with a sentence for people. */
export function toEventView(event: JobEvent, index: number): JobEventView {
  const { type, at, ...detail } = event
  return { index, type, at, said: sentenceOf(event), evidence: evidenceOf(event), detail }
}

/** Facts that rest on an observation carry it; the others are decisions. */
export function evidenceOf(event: JobEvent): Evidence | null {
  if (event.type === 'EndObserved') return event.end.evidence
  return 'evidence' in event ? event.evidence : null
}

function sentenceOf(event: JobEvent): string {
  switch (event.type) {
    case 'JobPosted':
      return `posted by ${event.userId}`
    case 'AttemptDerived':
      return `attempt ${event.attempt} made by ${event.origin.rule}: ${event.origin.because}${event.fence ? '; the last attempt must be proved over first' : ''}`
    case 'AttemptFenced':
      return `attempt ${event.fenced} is proved over: ${event.evidence.said}`
    case 'LateEndAdopted':
      return `attempt ${event.attempt} finished after all, proved by ${event.end.provedBy}: ${event.end.evidence.said}`
    case 'FencingBegun':
      return `a try of attempt ${event.attempt} may still come to the queue: before anything else it must be proved over`
    case 'SubmissionStarted':
      return `try ${event.tryNumber} began: from now on it may have reached the cluster`
    case 'SubmissionAnswered':
      return `try ${event.tryNumber}: ${event.answer.kind === 'submitted' ? `submitted as ${event.answer.nativeId}` : `${event.answer.kind}: ${event.answer.said}`}`
    case 'Seen':
      return `seen ${event.status}${event.nativeId === null ? '' : ` as ${event.nativeId}`}: ${event.evidence.said}`
    case 'Recalled':
      return 'its pilot is over and has not begun it: its ticket is being withdrawn'
    case 'GivenBack':
      return 'given back by its pilot, which had not begun it'
    case 'Missed':
      return `a complete listing (${event.listingId}) did not show it`
    case 'EndObserved':
      return `ended ${event.end.ending}, exit status ${event.end.exitCode ?? 'unknown'}, proved by ${event.end.provedBy}: ${event.end.evidence.said}`
    case 'AttemptEnded':
      return `${event.files.length} outputs are kept${event.missing.length === 0 ? '' : `, ${event.missing.length} are missing: ${event.missing.slice(0, 5).join(', ')}`}`
    case 'OutputParsed':
      return `result ${event.resultId} is stored${event.summary.energyEv === null ? '' : `, energy ${event.summary.energyEv} eV`}`
    case 'RecoveryRequested':
      return `${event.diagnosis.kind}: ${event.diagnosis.message}`
    case 'JobCompleted':
      return `completed: ${event.evidence.said}`
    case 'JobFailed':
      return `failed: ${event.verdict}`
    case 'JobCancelled':
      return `cancelled: ${event.evidence.said}`
    case 'CancelRequested':
      return `${event.by} asked to cancel it`
    case 'Held':
      return `held by ${event.hold.by}: ${event.hold.reason}`
    case 'Released':
      return `released by ${event.by}`
    case 'QueueHoldSet':
      return event.held ? 'held in the queue by the scheduler' : 'released in the queue by the scheduler'
    case 'LetGo':
      return `the job before it is completed${event.structureHash === undefined ? '' : '; it starts from the structure of that one'}`
    case 'Waited':
      return event.waitingFor === null
        ? 'waits for nothing any more'
        : `waits for ${event.waitingFor.kind}: ${event.waitingFor.because}`
  }
}
