import type { Ending, QueueState } from '@crystalmath/contract'

type Meaning = { readonly state: QueueState; readonly ending: Ending | null }
const live = (state: QueueState): Meaning => ({ state, ending: null })
const ended = (ending: Ending): Meaning => ({ state: 'ended', ending })

/** The statuses of flux-jobs(1), of old and new releases, with its abbreviations. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  PENDING: live('pending'),
  DEPEND: live('pending'),
  PRIORITY: live('pending'),
  SCHED: live('pending'),
  NEW: live('pending'),
  RUNNING: live('running'),
  RUN: live('running'),
  CLEANUP: live('completing'),
  COMPLETED: ended('COMPLETED'),
  FAILED: ended('FAILED'),
  CANCELED: ended('CANCELLED'),
  TIMEOUT: ended('TIMEOUT'),
}

/** An unknown word proves nothing. */
export const meaningOf = (word: string): Meaning => MEANINGS[word.trim()] ?? { state: 'unknown', ending: null }

/** Seconds since the epoch; Flux prints nothing or zero for what has not happened. */
export const epoch = (text: string | undefined): number | null => {
  const seconds = Number(text || Number.NaN)
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null
}
