import type { Ending } from '@crystalmath/contract'
import type { LiveJob } from '../job.ts'
import { isoOf, msOf, offsetSeconds } from './clocks.ts'
import { isPilots, isUntaken, ofMember } from './members.ts'
import type { Judgement, Observations, Patience } from './observations.ts'
import { mayBeOfSecond, wasRequeued } from './requeue.ts'
import type { Rows } from './rows.ts'
import type { Word } from './terminal-word.ts'

/** The scheduler says it is over, and no owner's end is there: a killed job leaves none, a slow file system hides one for a while. */
export function fromScheduler(job: LiveJob, seen: Observations, rows: Rows, word: Word, patience: Patience): Judgement {
  const said = isPilots(job, rows) ? asMember(word) : word
  if (isUntaken(job, seen.sight)) return seen.sight === null ? { kind: 'nothing' } : { kind: 'recall', evidence: said.evidence }
  return endBySchedulersWord(job, seen, said, patience)
}

function endBySchedulersWord(job: LiveJob, seen: Observations, word: Word, patience: Patience): Judgement {
  const requeued = wasRequeued(seen.sight, word)
  // a node that knows the id from before the scheduler lost its state launches nothing under it, and the scheduler cancels the job as root
  const launchFailed = word.bySystem && seen.sight?.lockOwner === null && !seen.sight.cancelFile && job.cancelRequested === null
  const ending: Ending = launchFailed || (requeued && mayBeOfSecond(word.ending)) ? 'NODE_FAILED' : word.ending
  const finished = ending === 'COMPLETED' || (ending === 'FAILED' && !requeued)
  const since = word.endedMs === null ? waitsSince(job, seen.at) : word.endedMs - offsetSeconds(seen) * 1_000
  // of the look, not of now: whoever judges may have been stopped in between
  const lookedMs = seen.sight === null ? Number.NEGATIVE_INFINITY : msOf(seen.sight.lookedAt)
  // what was cancelled or timed out may have written a good end just before
  // who was requeued before has not begun, by the scheduler's word
  const mayHide = finished || word.began || seen.sight?.start != null || job.status === 'running'
  if (mayHide && lookedMs - since < patience.sentinelMs) {
    return {
      kind: 'wait',
      for: 'sentinel',
      because: `the scheduler says ${word.ending}; the run's own end sentinel is not visible yet`,
      until: isoOf(Math.max(since + patience.sentinelMs, msOf(seen.at) + 1_000)),
    }
  }
  // COMPLETED without the run's own word is no proof that it ran to its end.
  const proved: Ending = ending === 'COMPLETED' ? 'FAILED' : ending
  const but = ending === 'COMPLETED' ? '; but no end sentinel' : launchFailed ? '; but it never began on its node' : ''
  return {
    kind: 'ended',
    nativeId: word.nativeId,
    end: {
      ending: proved,
      exitCode: word.exitCode,
      startedAt: seen.sight?.start == null ? null : isoOf(seen.sight.start.atSeconds * 1_000),
      provedBy: 'scheduler',
      evidence: { ...word.evidence, said: `${word.evidence.said}${but}` },
      observedAt: seen.at,
    },
  }
}

/** When it was first said to be over: a queue row does not tell when that was. */
export const waitsSince = ({ waitingFor }: LiveJob, at: string): number =>
  msOf(waitingFor?.kind === 'OUTPUTS' ? waitingFor.since : at)

const asMember = (word: Word): Word => ({ ...word, ending: ofMember(word.ending) })
