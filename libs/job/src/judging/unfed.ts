import type { AttemptSight } from '@crystalmath/contract'
import type { LiveJob } from '../job.ts'
import { claimOf, isUntaken } from './members.ts'
import type { Judgement, Patience } from './observations.ts'

/** Fed to a pilot by a batch that nobody has confirmed: that the pilot lives, or has ended, says nothing of it. Who took the ticket has confirmed it. */
export const isUnfed = (job: LiveJob, sight: AttemptSight | null): boolean =>
  job.status === 'submitting' && job.batch?.into !== undefined && sight?.nativeId == null && isUntaken(job, sight)

/** A feed is no submission that listings could tell of. Once no claim can be at work any more, the ticket is withdrawn: that decides. */
export function fromUnfed(job: LiveJob, sight: AttemptSight | null, { claimSeconds }: Patience): Judgement {
  const claim = sight?.claims.find(({ tryNumber }) => tryNumber === claimOf(job))
  // where nobody claimed it, somebody still may: the same try is made again instead
  if (sight === null || claim === undefined || claim.refused !== null || claim.ageSeconds <= claimSeconds)
    return { kind: 'nothing' }
  const said = `it is ${Math.round(claim.ageSeconds)} s since it was to be fed to a pilot, and nothing says that it was`
  return {
    kind: 'recall',
    evidence: { source: 'folder', by: `claim.${claimOf(job)}`, at: sight.lookedAt, clock: 'platform', said },
  }
}

/** By the pilot's own word. */
export const closedToIt = (at: string): Judgement => ({
  kind: 'recall',
  evidence: {
    source: 'folder',
    by: 'closed',
    at,
    clock: 'platform',
    said: 'its pilot begins nobody any more, and nobody has taken its ticket',
  },
})
