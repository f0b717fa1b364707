import type { Evidence } from '@crystalmath/contract'
import type { JobEvent } from '../events.ts'
import type { LiveJob } from '../job.ts'
import type { Judgement } from '../judging/observations.ts'
import { fencingOf } from './attempts.ts'
import { keepSince, sameWait, waitingFor } from './waits.ts'

/** What a judgement changes: nothing, for most of those that run as before. */
export function judged(job: LiveJob, judgement: Judgement, at: string): readonly JobEvent[] {
  switch (judgement.kind) {
    case 'nothing':
      return []
    case 'missed':
      return job.absences.includes(judgement.listingId) ? [] : [{ type: 'Missed', at, listingId: judgement.listingId }]
    case 'alive':
      return alive(job, judgement, at)
    case 'ended':
      return job.status === 'accepted' || isOutdated(job, judgement)
        ? []
        : [...adopted(job, judgement, at), { type: 'EndObserved', at, end: judgement.end }]
    case 'recall':
      return isUnbegun(job) && job.recalled !== true ? [{ type: 'Recalled', at, evidence: judgement.evidence }] : []
    case 'given-back':
      return isUnbegun(job) && job.batch?.id === judgement.batch ? givenBack(job, judgement.evidence, at) : []
    case 'never-submitted':
      // of an earlier try it says nothing about this one
      return job.status === 'submitting' && job.tryNumber === judgement.tryNumber ? disproved(job, judgement.evidence, at) : []
    case 'wait': {
      const wait = waitingFor(
        judgement.for === 'cause' || judgement.for === 'accounting' ? 'ACCOUNTING_LAG' : 'OUTPUTS',
        judgement.because,
        at,
      )
      return sameWait(job, wait) ? [] : [{ type: 'Waited', at, waitingFor: keepSince(job, wait), nextActionAt: judgement.until }]
    }
  }
}

/** Absence is no end of a job that was seen since. */
const isOutdated = ({ lastSeenAt }: LiveJob, { end }: Extract<Judgement, { kind: 'ended' }>): boolean =>
  end.provedBy === 'absence' && lastSeenAt !== null && lastSeenAt > end.evidence.at

/** A silent submission that shows itself alive, or ended, was submitted after all. */
function adopted(job: LiveJob, { nativeId, end }: Extract<Judgement, { kind: 'ended' }>, at: string): readonly JobEvent[] {
  if (job.status !== 'submitting' || nativeId === null) return []
  return [
    { type: 'SubmissionAnswered', at, tryNumber: job.tryNumber, answer: { kind: 'submitted', nativeId }, evidence: end.evidence },
  ]
}

function alive(job: LiveJob, seen: Extract<Judgement, { kind: 'alive' }>, at: string): readonly JobEvent[] {
  if (job.status === 'accepted') return []
  const answer: readonly JobEvent[] =
    job.status === 'submitting' && seen.nativeId !== null
      ? [
          {
            type: 'SubmissionAnswered',
            at,
            tryNumber: job.tryNumber,
            answer: { kind: 'submitted', nativeId: seen.nativeId },
            evidence: seen.evidence,
          },
        ]
      : []
  if (job.status === 'submitting' && answer.length === 0) return []
  const status = job.status === 'running' ? 'running' : seen.status // nothing goes backwards within an attempt
  const wait =
    status === 'pending' && seen.waits != null
      ? keepSince(job, waitingFor(seen.waits, `the scheduler lets it wait: ${seen.reason ?? ''}`, at))
      : remarkOn(job, status)
  const isNews =
    answer.length > 0 ||
    status !== job.status ||
    job.absences.length > 0 ||
    (seen.nativeId !== null && seen.nativeId !== job.nativeId) ||
    !sameWait(job, wait)
  if (!isNews) return []
  const { nativeId, startedAt, evidence } = seen
  return [...answer, { type: 'Seen', at, status, nativeId, startedAt, evidence, ...(wait === null ? {} : { waitingFor: wait }) }]
}

/** That it is in the queue's list as running says nothing against its silence. */
const remarkOn = ({ waitingFor: wait }: LiveJob, status: LiveJob['status']): LiveJob['waitingFor'] =>
  status === 'running' && wait?.kind === 'QUIET' ? wait : null

const isUnbegun = ({ status, batch }: LiveJob): boolean =>
  batch?.kind === 'pilot' && (status === 'pending' || status === 'submitting')

/** Nobody can begin it any more: who wanted it cancelled has that now. */
function givenBack(job: LiveJob, evidence: Evidence, at: string): readonly JobEvent[] {
  const back: JobEvent = { type: 'GivenBack', at, evidence }
  if (job.cancelRequested === null) return [back]
  return [back, job.mayComeLate === true ? fencingOf(job, at) : { type: 'JobCancelled', at, evidence }]
}

function disproved(job: LiveJob, evidence: Evidence, at: string): readonly JobEvent[] {
  const answer = { kind: 'refused', reason: 'OTHER', said: evidence.said } as const
  const back: JobEvent = { type: 'SubmissionAnswered', at, tryNumber: job.tryNumber, answer, evidence, bySilence: true }
  return [back, job.cancelRequested === null ? { type: 'Waited', at, waitingFor: null, nextActionAt: at } : fencingOf(job, at)]
}
