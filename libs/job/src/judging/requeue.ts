import type { AttemptSight, Ending } from '@crystalmath/contract'
import type { Word } from './terminal-word.ts'

/** What a start ends with that found the lock of an earlier start of the same job: job.sh. */
const FOUND_ITS_OWN_LOCK = 76

/** Whether the scheduler began the job once more: by what that start wrote, or by the code that it ended with. */
export const wasRequeued = (sight: AttemptSight | null, word: Word): boolean =>
  (sight?.requeued.length ?? 0) > 0 || word.exitCode === FOUND_ITS_OWN_LOCK

/** A word that may be of a second start: of the first one it says nothing. */
export const mayBeOfSecond = (ending: Ending): boolean => ending === 'FAILED' || ending === 'COMPLETED'
