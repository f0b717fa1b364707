import type { Diagnosis } from '@crystalmath/contract'
import type { Command } from '../commands.ts'
import type { JobEvent } from '../events.ts'
import type { Job } from '../job.ts'
import { fencingOf } from './attempts.ts'
import { keepSince, waitingFor } from './waits.ts'

export const silence = (job: Job, at: string): Job['waitingFor'] =>
  job.waitingFor?.kind === 'SUBMIT_ANSWER'
    ? job.waitingFor
    : waitingFor('SUBMIT_ANSWER', `nothing says yet what became of try ${job.tryNumber}`, at)

/** Present only where there is one: events of jobs that ran stay as they were. */
export const diagnosed = (diagnosis: Diagnosis | undefined) => (diagnosis === undefined ? {} : { diagnosis })

export function answered(job: Job, command: Extract<Command, { type: 'RecordAnswer' }>): readonly JobEvent[] {
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
        const why = command.cause?.verdict ?? answer.said
        const verdict = `nothing was submitted: ${why}`.slice(0, 1_000)
        return [said, { type: 'JobFailed', at, verdict, evidence, ...diagnosed(command.cause?.diagnosis) }]
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
