import type { AttemptSight, Ending, EndSentinel, Evidence, NativeId } from '@crystalmath/contract'
import type { End, LiveJob } from '../job.ts'
import { isoOf, msOf, offsetSeconds } from './clocks.ts'
import { isInPilot, isPilots, ofMember } from './members.ts'
import type { Judgement, Observations, Patience } from './observations.ts'
import { mayBeOfSecond, wasRequeued } from './requeue.ts'
import { asNativeId, idOf, type Rows } from './rows.ts'
import { waitsSince } from './scheduler.ts'
import { terminalWord } from './terminal-word.ts'

/** Exit 0 by the owner is an end at once. Anything else waits for the scheduler's terminal word: only it knows OOM, wall clock, preemption. */
export function fromSentinel(job: LiveJob, seen: Observations, sentinel: EndSentinel, rows: Rows, patience: Patience): Judgement {
  const nativeId = asNativeId(idOf(sentinel.owner)) ?? job.nativeId
  const evidence = evidenceOfEnd(sentinel)
  const ended = (ending: Ending, provedBy: End['provedBy'], more: Evidence = evidence): Judgement => ({
    kind: 'ended',
    nativeId,
    // an end by the run itself is proof enough that it began
    end: {
      ending,
      exitCode: sentinel.exitCode,
      startedAt: isoOf((seen.sight?.start ?? sentinel).atSeconds * 1_000),
      provedBy,
      evidence: more,
      observedAt: seen.at,
    },
  })
  if (sentinel.exitCode === 0 && sentinel.cause === 'exit') return ended('COMPLETED', 'sentinel')
  if (sentinel.cause === 'cancelled') return ended('CANCELLED', 'sentinel')
  // no scheduler knows of a pilot's members; those that were told to end with it wait for its word
  if (isInPilot(job) && sentinel.cause === 'timeout') return ended('TIMEOUT', 'exit-code') // said before its programs ended
  if (isInPilot(job) && sentinel.cause !== 'terminated') return ended(endingOfCause(sentinel), 'sentinel')

  const word = terminalWord(rows, seen.queue)
  if (word !== null) {
    // COMPLETED here is the scheduler's view of a script that ended with 0 although the code in it did not, or was told to stop early.
    const ending = isPilots(job, rows) ? ofMember(word.ending) : word.ending
    if (sentinel.cause === 'terminated' && mayBeOfSecond(ending)) {
      // told to end by a requeue: the word is of the next start, which found the lock taken and left
      if (wasRequeued(seen.sight, word)) return ended('NODE_FAILED', 'scheduler', both(evidence, word.evidence))
      const until = waitsSince(job, seen.at) + patience.sentinelMs
      // a queue does not tell the code that a start ended with, and what it wrote may not be visible yet
      if (word.evidence.source === 'squeue' && msOf(seen.sight?.lookedAt ?? seen.at) < until)
        return {
          kind: 'wait',
          for: 'sentinel',
          because: `told to end, and the scheduler says ${word.ending}: whether it was begun once more is not visible yet`,
          until: isoOf(Math.max(until, msOf(seen.at) + 1_000)),
        }
    }
    const stopped: Ending = sentinel.cause === 'early-signal' ? 'TIMEOUT' : 'FAILED'
    return ended(ending === 'COMPLETED' ? stopped : ending, 'scheduler', both(evidence, word.evidence))
  }
  const until = msOf(job.end?.observedAt ?? seen.sight?.lookedAt ?? seen.at)
  const overSince = sentinel.atSeconds * 1_000 - offsetSeconds(seen) * 1_000
  if (seen.hasAccounting && msOf(seen.at) - Math.min(overSince, until) < patience.causeMs) {
    return {
      kind: 'wait',
      for: 'cause',
      because: `ended with exit code ${sentinel.exitCode}; the scheduler's word on the cause is not in yet`,
      until: isoOf(overSince + patience.causeMs),
    }
  }
  return ended(endingOfCause(sentinel), 'exit-code', { ...evidence, said: `${evidence.said}; cause from exit code` })
}

/** The end of an attempt that its owner finished well, whatever is thought of it; null where the folder shows none. */
export function goodEndOf(sight: AttemptSight, at: string): { readonly nativeId: NativeId | null; readonly end: End } | null {
  const { start, end } = sight
  if (end === null || end.exitCode !== 0 || end.cause !== 'exit') return null
  return {
    nativeId: asNativeId(idOf(end.owner)),
    end: {
      ending: 'COMPLETED',
      exitCode: 0,
      startedAt: isoOf((start ?? end).atSeconds * 1_000),
      provedBy: 'sentinel',
      evidence: evidenceOfEnd(end),
      observedAt: at,
    },
  }
}

const evidenceOfEnd = (sentinel: EndSentinel): Evidence => ({
  source: 'sentinel',
  by: '.crystalmath/end',
  at: isoOf(sentinel.atSeconds * 1_000),
  clock: 'cluster',
  said: `${sentinel.cause}, exit code ${sentinel.exitCode}, by ${sentinel.owner} on ${sentinel.host}`,
})

function endingOfCause({ cause }: EndSentinel): Ending {
  if (cause === 'early-signal' || cause === 'timeout') return 'TIMEOUT'
  // told to end from outside, and no scheduler knows why: it lost the job, or the node went down
  if (cause === 'terminated') return 'NODE_FAILED'
  return 'FAILED'
}

const both = (a: Evidence, b: Evidence): Evidence => ({ ...b, said: `${b.said}; ${a.said}`.slice(0, 2_000) })
