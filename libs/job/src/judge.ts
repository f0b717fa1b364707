import type { LiveJob } from './job.ts'
import { fromAbsence } from './judging/absence.ts'
import { signOfLife, traceOfSubmission } from './judging/life.ts'
import { hasBegun, isUntaken, withdrawn } from './judging/members.ts'
import { leftOutOfBatch } from './judging/never-submitted.ts'
import { type Judgement, type Observations, PATIENCE, type Patience } from './judging/observations.ts'
import { rowsOf } from './judging/rows.ts'
import { fromScheduler } from './judging/scheduler.ts'
import { fromSentinel } from './judging/sentinel.ts'
import { terminalWord } from './judging/terminal-word.ts'
import { closedToIt, fromUnfed, isUnfed } from './judging/unfed.ts'

/** From observations of the present attempt to what they prove. The order is the order of proof: the owner's own word, the scheduler's terminal word, life, absence. */
export function judge(job: LiveJob, seen: Observations, patience: Patience = PATIENCE): Judgement {
  const rows = rowsOf(job, seen)
  const leftOut = leftOutOfBatch(job, seen, patience)
  if (leftOut !== null) return leftOut
  if (job.batch?.kind === 'pilot' && seen.sight?.ticket === 'withdrawn' && !hasBegun(seen.sight))
    return withdrawn(job.batch.id, seen.at)
  if (isUnfed(job, seen.sight)) return fromUnfed(job, seen.sight, patience)
  const sentinel = seen.sight?.end ?? null
  if (sentinel !== null) return fromSentinel(job, seen, sentinel, rows, patience)

  const terminal = terminalWord(rows, seen.queue)
  if (terminal !== null) return fromScheduler(job, seen, rows, terminal, patience)

  if (seen.sight?.pilotClosed === true && isUntaken(job, seen.sight)) return closedToIt(seen.at)
  const alive = signOfLife(job, seen, rows) ?? traceOfSubmission(job, seen, rows)
  if (alive !== null) return alive
  return fromAbsence(job, seen, rows, patience)
}
