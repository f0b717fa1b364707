import { type Evidence, isOver, Resources } from '@crystalmath/contract'
import type { JobEvent } from './events.ts'
import type { Job, Origin } from './job.ts'

const SUBMITTED: Origin = { rule: 'submitted', because: 'as posted', changes: [], copies: [], altered: false }

/** The job after an event. `null` is a job that does not exist yet. Counts versions per write, not here. */
export function evolve(job: Job | null, event: JobEvent): Job {
  if (job === null) {
    if (event.type !== 'JobPosted') throw new Error(`${event.type} happened to a job that does not exist`)
    return posted(event)
  }
  return { ...job, ...changed(job, event), updatedAt: event.at }
}

function changed(job: Job, event: JobEvent): Partial<Job> {
  switch (event.type) {
    case 'JobPosted':
      return {}
    case 'AttemptDerived':
      return derived(job, event)
    case 'AttemptFenced':
      return isOver(job.status)
        ? { fencing: null, mayComeLate: false }
        : {
            fencing: null,
            waitingFor: null,
            nextActionAt: event.at,
            evidence: event.evidence,
            ...(event.fenced === job.attempt ? { mayComeLate: false } : {}),
          }
    case 'LateEndAdopted':
      return adopted(job, event)
    case 'FencingBegun':
      return { fencing: event.attempt }
    case 'SubmissionStarted':
      return {
        status: 'submitting',
        tryNumber: event.tryNumber,
        nonce: event.nonce,
        keeping: { keep: event.keep, parse: event.parse },
        batch: event.batch ?? null,
        claimedAt: event.at,
        absences: [],
        missingSince: null,
        waitingFor: null,
        nextActionAt: null,
        evidence: intent(event.at, event.tryNumber),
      }
    case 'SubmissionAnswered':
      return {
        ...answered(job, event),
        ...(event.bySilence === true ? { mayComeLate: true } : {}),
        ...(event.bySilence === true && job.batch != null ? { lateBatches: [...(job.lateBatches ?? []), job.batch] } : {}),
      }
    case 'Seen':
      return {
        status: event.status,
        nativeId: event.nativeId ?? job.nativeId,
        startedAt: event.startedAt ?? job.startedAt,
        absences: [],
        missingSince: null,
        lastSeenAt: event.at,
        evidence: event.evidence,
        waitingFor: event.waitingFor ?? null,
        // what runs is not held any more, by whomever
        ...(event.status === 'running' ? { holds: [], heldInQueue: false } : {}),
      }
    case 'Recalled':
      return { recalled: true }
    case 'GivenBack':
      return {
        status: 'accepted',
        ...OUT_OF_QUEUE,
        batch: null,
        recalled: false,
        evidence: event.evidence,
        waitingFor: null,
        nextActionAt: event.at,
      }
    case 'Missed':
      return { absences: [...job.absences, event.listingId], missingSince: job.missingSince ?? event.at }
    case 'EndObserved':
      return {
        end: event.end,
        startedAt: job.startedAt ?? event.end.startedAt,
        evidence: event.end.evidence,
        waitingFor: null,
        nextActionAt: event.at,
      }
    case 'AttemptEnded':
      return { status: 'ended', outputs: { files: event.files, missing: event.missing }, waitingFor: null, nextActionAt: null }
    case 'OutputParsed':
      return { resultId: event.resultId, summary: event.summary, waitingFor: null }
    case 'RecoveryRequested':
      return { diagnosis: event.diagnosis.kind, verdict: event.diagnosis.message, nextActionAt: event.at }
    case 'JobCompleted':
      return over(job, 'completed', event.evidence)
    case 'JobFailed':
      return {
        ...over(job, 'failed', event.evidence),
        verdict: event.verdict,
        diagnosis: event.diagnosis?.kind ?? job.diagnosis,
      }
    case 'JobCancelled':
      return { ...over(job, 'cancelled', event.evidence), verdict: event.evidence.said }
    case 'CancelRequested':
      return { cancelRequested: { by: event.by, at: event.at }, nextActionAt: event.at }
    case 'Held':
      return { holds: [...job.holds, event.hold] }
    case 'Released':
      return { holds: [], nextActionAt: event.at }
    case 'QueueHoldSet':
      return { heldInQueue: event.held }
    case 'LetGo':
      return { waitingFor: null, nextActionAt: event.at, structureHash: event.structureHash ?? job.structureHash }
    case 'Waited':
      return { waitingFor: event.waitingFor, nextActionAt: event.nextActionAt }
  }
}

function posted(event: Extract<JobEvent, { type: 'JobPosted' }>): Job {
  const { type: _, at, inForce, ...facts } = event
  return {
    ...facts,
    schemaVersion: 1,
    minReader: 1,
    createdAt: at,
    version: 0,
    attempt: 1,
    origin: SUBMITTED,
    parameters: inForce?.parameters ?? facts.request.parameters,
    resources: inForce?.resources ?? Resources.parse(facts.request.resources),
    estimate: inForce?.estimate ?? null,
    cancelRequested: null,
    fencing: null,
    holds: [],
    past: [],
    updatedAt: at,
    ...freshAttempt(at, { source: 'user', at, clock: 'platform', said: `posted by ${facts.userId}` }),
  }
}

const freshAttempt = (at: string, evidence: Evidence) =>
  ({
    status: 'accepted',
    tryNumber: 0,
    mayComeLate: false,
    nonce: null,
    keeping: null,
    claimedAt: null,
    nativeId: null,
    batch: null,
    recalled: false,
    lateBatches: [],
    submittedAt: null,
    startedAt: null,
    absences: [],
    missingSince: null,
    lastSeenAt: null,
    heldInQueue: false,
    end: null,
    evidence,
    waitingFor: null,
    nextActionAt: at,
    outputs: null,
    resultId: null,
    summary: null,
    verdict: null,
    diagnosis: null,
  }) as const satisfies Partial<Job>

function adopted(job: Job, { at, attempt, nativeId, end }: Extract<JobEvent, { type: 'LateEndAdopted' }>): Partial<Job> {
  const past = job.past.find((one) => one.attempt === attempt)
  const { keeping = null, tryNumber = 1 } = past ?? job
  const back =
    past === undefined
      ? {}
      : {
          attempt,
          keeping,
          tryNumber,
          batch: past.batch ?? null,
          origin: past.origin,
          structureHash: past.structureHash,
          parameters: past.parameters,
          resources: past.resources,
          past: job.past.filter((one) => one !== past),
        }
  return {
    ...freshAttempt(at, end.evidence),
    keeping,
    tryNumber,
    ...back,
    status: 'running',
    fencing: null,
    nativeId,
    startedAt: end.startedAt,
    lastSeenAt: at,
    end,
  }
}

function derived(job: Job, event: Extract<JobEvent, { type: 'AttemptDerived' }>): Partial<Job> {
  const { attempt, origin, structureHash, parameters, resources } = event
  return {
    ...freshAttempt(event.at, {
      source: 'recovery',
      at: event.at,
      clock: 'platform',
      said: `${origin.rule}: ${origin.because}`.slice(0, 2_000),
    }),
    attempt,
    origin,
    structureHash,
    parameters,
    resources,
    cancelRequested: null,
    fencing: event.fence ? job.attempt : null,
    past: [
      ...job.past,
      {
        attempt: job.attempt,
        origin: job.origin,
        nativeId: job.nativeId,
        ...(job.batch == null ? {} : { batch: job.batch }),
        ...(job.lateBatches === undefined || job.lateBatches.length === 0 ? {} : { lateBatches: job.lateBatches }),
        ending: job.end?.ending ?? null,
        exitCode: job.end?.exitCode ?? null,
        endedAt: job.end?.observedAt ?? null,
        resultId: job.resultId,
        diagnosis: job.diagnosis,
        keeping: job.keeping,
        tryNumber: job.tryNumber,
        structureHash: job.structureHash,
        parameters: job.parameters,
        resources: job.resources,
      },
    ],
  }
}

const intent = (at: string, tryNumber: number): Evidence => ({
  source: 'intent',
  at,
  clock: 'platform',
  said: `try ${tryNumber} began`,
})

function answered(job: Job, { answer, at, evidence }: Extract<JobEvent, { type: 'SubmissionAnswered' }>): Partial<Job> {
  switch (answer.kind) {
    case 'submitted':
      return {
        status: 'pending',
        nativeId: answer.nativeId,
        submittedAt: at,
        lastSeenAt: at,
        absences: [],
        missingSince: null,
        evidence,
        waitingFor: null,
        nextActionAt: null,
      }
    case 'refused': // the one step back: proof that nothing was submitted
      return {
        status: 'accepted',
        nonce: null,
        evidence,
        ...(job.batch == null
          ? {}
          : {
              batch: null,
              alone:
                (job.alone ?? false) ||
                (evidence.source === 'claim' && job.batch.into === undefined && isOfTheBatch(answer.reason)),
            }),
      }
    case 'unknown': // a job may be running that we have no id for
      return { evidence }
  }
}

/** What is completed holds its lock: nothing that comes late can run. Otherwise a try that may come late is fenced beside the verdict. */
const over = ({ attempt, mayComeLate, fencing }: Job, status: 'completed' | 'failed' | 'cancelled', evidence: Evidence) => ({
  status,
  evidence,
  waitingFor: null,
  nextActionAt: null,
  holds: [],
  fencing: mayComeLate === true && status !== 'completed' ? attempt : fencing,
})

/** Refusals that one job alone may not meet: too many at once, or words that only a batch needs. */
const isOfTheBatch = (reason: string): boolean => ['QUOTA', 'QUEUE_FULL', 'INVALID', 'OTHER'].includes(reason)

/** Nothing of it is in any queue. */
const OUT_OF_QUEUE = {
  nonce: null,
  nativeId: null,
  submittedAt: null,
  absences: [],
  missingSince: null,
  lastSeenAt: null,
} as const
