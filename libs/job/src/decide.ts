import { isOver } from '@crystalmath/contract'
import type { Command } from './commands.ts'
import { answered, diagnosed, silence } from './deciding/answers.ts'
import { cancelled, cancelledInstead, fenced, next, parsed, wasSent } from './deciding/attempts.ts'
import { judged } from './deciding/judgements.ts'
import { posted, predecessor } from './deciding/posting.ts'
import { keepSince, sameWait } from './deciding/waits.ts'
import type { JobEvent } from './events.ts'
import type { Job } from './job.ts'

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
        ? [{ type: 'JobFailed', at, verdict: command.verdict, evidence: command.evidence, ...diagnosed(command.diagnosis) }]
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
