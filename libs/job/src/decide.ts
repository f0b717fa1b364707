import type { Evidence, JobId } from '@crystalmath/contract'
import { isOver } from '@crystalmath/contract'
import type { Command } from './commands.ts'
import { waitingFor } from './commands.ts'
import type { JobEvent } from './events.ts'
import type { Job } from './job.ts'
import type { Judgement } from './judging/observations.ts'

const NOTHING: readonly JobEvent[] = []

/** What follows from a command. Pure: the clock, the ids and the cluster's answers come in from outside. Nothing to do is the empty list. */
export function decide(command: Command, job: Job | null): readonly JobEvent[] {
  if (job === null) return command.type === 'PostJob' ? posted(command) : NOTHING
  const { at } = command
  switch (command.type) {
    case 'PostJob':
      return NOTHING // the same post again

    case 'StartSubmission':
      return job.attempt === command.attempt && isSubmittable(job)
        ? [
            {
              type: 'SubmissionStarted',
              at,
              tryNumber: job.tryNumber + 1,
              nonce: command.nonce,
              keep: command.keep,
              parse: command.parse,
              ...(command.batch == null ? {} : { batch: command.batch }),
            },
          ]
        : NOTHING

    case 'RecordAnswer': {
      const asked = job.status === 'submitting' && job.attempt === command.attempt && job.tryNumber === command.tryNumber
      return asked ? answered(job, command) : NOTHING
    }

    case 'AwaitAnswer':
      return job.status === 'submitting' && job.attempt === command.attempt && job.tryNumber === command.tryNumber
        ? [{ type: 'Waited', at, waitingFor: keepSince(job, silence(job, at)), nextActionAt: command.nextActionAt }]
        : NOTHING

    case 'RecordJudgement':
      return job.attempt === command.attempt && job.end === null && !isOver(job.status) && job.status !== 'ended'
        ? judged(job, command.judgement, at)
        : NOTHING

    case 'RecordOutputs':
      return job.attempt === command.attempt && job.end !== null && !isOver(job.status) && job.status !== 'ended'
        ? [{ type: 'AttemptEnded', at, files: command.files, missing: command.missing }]
        : NOTHING

    case 'RecordResult':
      return job.attempt === command.attempt && job.status === 'ended' && job.resultId === null ? parsed(job, command) : NOTHING

    case 'DeriveAttempt':
      if (job.attempt !== command.attempt || job.status !== 'ended') return NOTHING
      return job.cancelRequested === null ? [next(job, command, at)] : [cancelledInstead(job, at)]

    case 'AdoptLate': {
      // only while nothing of a later attempt was claimed; later it is recorded in its folder alone
      const isAdoptable = job.status === 'accepted' && job.fencing === command.attempt
      const { attempt, nativeId, end } = command
      return isAdoptable && (attempt === job.attempt || job.tryNumber === 0)
        ? [{ type: 'LateEndAdopted', at, attempt, nativeId, end }]
        : NOTHING
    }

    case 'RecordFence':
      return job.fencing === command.fenced ? fenced(job, command.fenced, command.evidence, at) : NOTHING

    case 'GiveUp':
      return job.attempt === command.attempt && !isOver(job.status) && (job.status === 'ended' || job.status === 'accepted')
        ? [{ type: 'JobFailed', at, verdict: command.verdict, evidence: command.evidence }]
        : NOTHING

    case 'RequestCancel':
      return cancelled(job, command.by, at)

    case 'Retry': {
      const origin = {
        rule: `retried by ${command.by}`,
        because: 'asked for by a user',
        changes: command.changes,
        copies: [],
        // what a user changes is no longer what was posted; resources do not change what is computed
        altered: job.origin.altered || command.changes.some(({ path }) => !path.startsWith('resources.')),
      }
      const { parameters = job.parameters, resources = job.resources } = command
      return isOver(job.status) && job.status !== 'completed'
        ? [
            next(job, { ...job, origin, parameters, resources }, at),
            ...(wasSent(job) ? NOTHING : predecessor(job.request.after, at)),
          ]
        : NOTHING
    }

    case 'PutOnHold':
      return mayBeHeld(job) ? [{ type: 'Held', at, hold: command.hold }] : NOTHING

    case 'RecordQueueHold':
      return job.status === 'pending' && job.attempt === command.attempt && (job.heldInQueue ?? false) !== command.held
        ? [{ type: 'QueueHoldSet', at, held: command.held, evidence: command.evidence }]
        : NOTHING

    case 'Release':
      return job.holds.length > 0 &&
        (command.onlyExpired !== true || job.holds.every(({ until }) => until !== null && until <= at))
        ? [{ type: 'Released', at, by: command.by }]
        : NOTHING

    case 'LetGo': {
      const { structureHash } = command
      return job.status === 'accepted' && job.waitingFor?.kind === 'PREDECESSOR'
        ? [{ type: 'LetGo', at, ...(structureHash === undefined ? {} : { structureHash }) }]
        : NOTHING
    }

    case 'Wait':
      return isOver(job.status) ||
        (command.during ?? job.status) !== job.status ||
        (sameWait(job, command.waitingFor) && job.nextActionAt === command.nextActionAt)
        ? NOTHING
        : [{ type: 'Waited', at, waitingFor: keepSince(job, command.waitingFor), nextActionAt: command.nextActionAt }]
  }
}

/** What runs is not held: the scheduler could only suspend it. */
const mayBeHeld = ({ status, end }: Job): boolean =>
  end === null && (status === 'accepted' || status === 'submitting' || status === 'pending')

/** Accepted, not held, nobody wants it cancelled, nothing of an earlier attempt may still run, and the job before it is completed. */
export const isSubmittable = (job: Job): boolean =>
  job.status === 'accepted' &&
  job.holds.length === 0 &&
  job.cancelRequested === null &&
  job.fencing === null &&
  job.waitingFor?.kind !== 'PREDECESSOR'

const posted = ({ at, posted: facts, adopted }: Extract<Command, { type: 'PostJob' }>): readonly JobEvent[] => [
  { type: 'JobPosted', at, ...facts },
  ...(adopted === undefined ? predecessor(facts.request.after, at) : overAtOnce(adopted, at)),
]

/** What was run elsewhere is not repaired: it stands as it ended. */
function overAtOnce(
  { resultId, summary, diagnosis, said }: NonNullable<Extract<Command, { type: 'PostJob' }>['adopted']>,
  at: string,
): readonly JobEvent[] {
  const parsed: JobEvent = { type: 'OutputParsed', at, resultId, summary }
  const evidence: Evidence = { source: 'parser', at, clock: 'platform', said: said.slice(0, 2_000) }
  return diagnosis === null
    ? [parsed, { type: 'JobCompleted', at, evidence }]
    : [
        parsed,
        { type: 'RecoveryRequested', at, diagnosis },
        { type: 'JobFailed', at, verdict: diagnosis.message.slice(0, 1_000), evidence },
      ]
}

/** A job after another waits until somebody sees that one completed, and says so by `LetGo`. */
const predecessor = (after: JobId | undefined, at: string): readonly JobEvent[] =>
  after === undefined
    ? NOTHING
    : [
        {
          type: 'Waited',
          at,
          waitingFor: waitingFor('PREDECESSOR', `starts when job ${after} is completed`, at),
          nextActionAt: null,
        },
      ]

const wasSent = (job: Job): boolean => job.tryNumber > 0 || job.past.some(({ nativeId }) => nativeId !== null)

const sameWait = (job: Job, wait: Job['waitingFor']): boolean =>
  job.waitingFor?.kind === wait?.kind && job.waitingFor?.because === wait?.because

const silence = (job: Job, at: string): Job['waitingFor'] =>
  job.waitingFor?.kind === 'SUBMIT_ANSWER'
    ? job.waitingFor
    : waitingFor('SUBMIT_ANSWER', `nothing says yet what became of try ${job.tryNumber}`, at)

/** A wait of the same kind began when it first began. */
const keepSince = (job: Job, wait: Job['waitingFor']): Job['waitingFor'] =>
  wait !== null && job.waitingFor?.kind === wait.kind ? { ...wait, since: job.waitingFor.since } : wait

function answered(job: Job, command: Extract<Command, { type: 'RecordAnswer' }>): readonly JobEvent[] {
  const { at, answer, evidence, tryNumber, nextActionAt } = command
  const said: JobEvent = { type: 'SubmissionAnswered', at, tryNumber, answer, evidence }
  switch (answer.kind) {
    case 'submitted':
      return [said]
    case 'unknown':
      return [
        said,
        {
          type: 'Waited',
          at,
          waitingFor: keepSince(job, waitingFor('SUBMIT_ANSWER', `no answer to the submission: ${answer.said}`, at)),
          nextActionAt,
        },
      ]
    case 'refused':
      if (answer.reason === 'CANCELLED') return [said, { type: 'JobCancelled', at, evidence }]
      if (answer.reason === 'INVALID' && job.batch == null) {
        return [
          said,
          { type: 'JobFailed', at, verdict: `the scheduler refused the job: ${answer.said}`.slice(0, 1_000), evidence },
        ]
      }
      if (job.cancelRequested !== null)
        return [said, job.mayComeLate === true ? fencingOf(job, at) : { type: 'JobCancelled', at, evidence }]
      return [
        said,
        {
          type: 'Waited',
          at,
          // what is wrong with a batch need not be wrong with its members: they go alone
          waitingFor: keepSince(job, waitingFor(answer.reason === 'INVALID' ? 'OTHER' : answer.reason, answer.said, at)),
          nextActionAt: answer.reason === 'INVALID' ? at : nextActionAt,
        },
      ]
  }
}

function judged(job: Job, judgement: Judgement, at: string): readonly JobEvent[] {
  switch (judgement.kind) {
    case 'nothing':
      return NOTHING
    case 'missed':
      return job.absences.includes(judgement.listingId) ? NOTHING : [{ type: 'Missed', at, listingId: judgement.listingId }]
    case 'alive':
      return alive(job, judgement, at)
    case 'ended':
      return job.status === 'accepted' || isOutdated(job, judgement)
        ? NOTHING
        : [...adopted(job, judgement, at), { type: 'EndObserved', at, end: judgement.end }]
    case 'recall':
      return isUnbegun(job) && job.recalled !== true ? [{ type: 'Recalled', at, evidence: judgement.evidence }] : NOTHING
    case 'given-back':
      return isUnbegun(job) && job.batch?.id === judgement.batch ? givenBack(job, judgement.evidence, at) : NOTHING
    case 'never-submitted':
      // of an earlier try it says nothing about this one
      return job.status === 'submitting' && job.tryNumber === judgement.tryNumber
        ? disproved(job, judgement.evidence, at)
        : NOTHING
    case 'wait': {
      const wait = waitingFor(
        judgement.for === 'cause' || judgement.for === 'accounting' ? 'ACCOUNTING_LAG' : 'OUTPUTS',
        judgement.because,
        at,
      )
      return sameWait(job, wait)
        ? NOTHING
        : [{ type: 'Waited', at, waitingFor: keepSince(job, wait), nextActionAt: judgement.until }]
    }
  }
}

/** Absence is no end of a job that was seen since. */
const isOutdated = ({ lastSeenAt }: Job, { end }: Extract<Judgement, { kind: 'ended' }>): boolean =>
  end.provedBy === 'absence' && lastSeenAt !== null && lastSeenAt > end.evidence.at

/** A silent submission that shows itself alive, or ended, was submitted after all. */
function adopted(job: Job, { nativeId, end }: Extract<Judgement, { kind: 'ended' }>, at: string): readonly JobEvent[] {
  if (job.status !== 'submitting' || nativeId === null) return NOTHING
  return [
    { type: 'SubmissionAnswered', at, tryNumber: job.tryNumber, answer: { kind: 'submitted', nativeId }, evidence: end.evidence },
  ]
}

function alive(job: Job, seen: Extract<Judgement, { kind: 'alive' }>, at: string): readonly JobEvent[] {
  if (job.status === 'accepted') return NOTHING
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
      : NOTHING
  if (job.status === 'submitting' && answer.length === 0) return NOTHING
  const status = job.status === 'running' ? 'running' : seen.status // nothing goes backwards within an attempt
  const wait =
    status === 'pending' && seen.waits != null
      ? keepSince(job, waitingFor(seen.waits, `the scheduler lets it wait: ${seen.reason ?? ''}`, at))
      : null
  const isNews =
    answer.length > 0 ||
    status !== job.status ||
    job.absences.length > 0 ||
    (seen.nativeId !== null && seen.nativeId !== job.nativeId) ||
    !sameWait(job, wait)
  if (!isNews) return NOTHING
  const { nativeId, startedAt, evidence } = seen
  return [...answer, { type: 'Seen', at, status, nativeId, startedAt, evidence, ...(wait === null ? {} : { waitingFor: wait }) }]
}

const isUnbegun = ({ status, batch }: Job): boolean =>
  batch?.kind === 'pilot' && (status === 'pending' || status === 'submitting')

/** Nobody can begin it any more: who wanted it cancelled has that now. */
function givenBack(job: Job, evidence: Evidence, at: string): readonly JobEvent[] {
  const back: JobEvent = { type: 'GivenBack', at, evidence }
  if (job.cancelRequested === null) return [back]
  return [back, job.mayComeLate === true ? fencingOf(job, at) : { type: 'JobCancelled', at, evidence }]
}

function disproved(job: Job, evidence: Evidence, at: string): readonly JobEvent[] {
  const answer = { kind: 'refused', reason: 'OTHER', said: evidence.said } as const
  const back: JobEvent = { type: 'SubmissionAnswered', at, tryNumber: job.tryNumber, answer, evidence, bySilence: true }
  return [back, job.cancelRequested === null ? { type: 'Waited', at, waitingFor: null, nextActionAt: at } : fencingOf(job, at)]
}

/** Before a job is called cancelled: the cancel file lies there, and nothing of its name is in the queue. */
const fencingOf = ({ attempt }: Job, at: string): JobEvent => ({ type: 'FencingBegun', at, attempt })

function parsed(job: Job, { at, resultId, summary, diagnosis }: Extract<Command, { type: 'RecordResult' }>): readonly JobEvent[] {
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

function next(job: Job, { origin, structureHash, parameters, resources }: Beginning, at: string): JobEvent {
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

/** A wish to cancel that came while fencing is fulfilled by the fence. */
function fenced(job: Job, attempt: number, evidence: Evidence, at: string): readonly JobEvent[] {
  const proved: JobEvent = { type: 'AttemptFenced', at, fenced: attempt, evidence }
  return job.cancelRequested === null || isOver(job.status) ? [proved] : [proved, { type: 'JobCancelled', at, evidence }]
}

/** Not yet claimed, or refused → cancelled at once. Else the wish is noted and the status changes on evidence. */
function cancelled(job: Job, by: string, at: string): readonly JobEvent[] {
  if (isOver(job.status) || job.cancelRequested !== null) return NOTHING
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

/** No next attempt: somebody wants the job cancelled. */
const cancelledInstead = ({ cancelRequested, verdict }: Job, at: string): JobEvent => {
  const said = `cancelled by ${cancelRequested?.by ?? '?'}${verdict === null ? '' : `; ${verdict}`}`.slice(0, 2_000)
  return { type: 'JobCancelled', at, evidence: { source: 'user', at, clock: 'platform', said } }
}
