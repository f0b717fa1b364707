import type { Evidence, JobId } from '@crystalmath/contract'
import type { Command } from '../commands.ts'
import type { JobEvent } from '../events.ts'
import { waitingFor } from './waits.ts'

export const posted = ({ at, posted: facts, adopted }: Extract<Command, { type: 'PostJob' }>): readonly JobEvent[] => [
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
export const predecessor = (after: JobId | undefined, at: string): readonly JobEvent[] =>
  after === undefined
    ? []
    : [
        {
          type: 'Waited',
          at,
          waitingFor: waitingFor('PREDECESSOR', `starts when job ${after} is completed`, at),
          nextActionAt: null,
        },
      ]
