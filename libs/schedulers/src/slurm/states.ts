import type { Ending, QueueState } from '@crystalmath/contract'

type Meaning = { readonly state: QueueState; readonly ending: Ending | null }

const live = (state: QueueState): Meaning => ({ state, ending: null })
const ended = (ending: Ending): Meaning => ({ state: 'ended', ending })

/** Every state and flag of Slurm 20.11 to 25.05 (slurm.h, JOB STATE CODES of squeue(1)). */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  PENDING: live('pending'),
  CONFIGURING: live('pending'),
  POWER_UP_NODE: live('pending'),
  RESV_DEL_HOLD: live('pending'),
  REQUEUED: live('requeued'),
  REQUEUE_FED: live('requeued'),
  REQUEUE_HOLD: live('requeued'),
  SPECIAL_EXIT: live('requeued'),
  RUNNING: live('running'),
  RESIZING: live('running'),
  SIGNALING: live('running'),
  SUSPENDED: live('suspended'),
  STOPPED: live('suspended'),
  COMPLETING: live('completing'),
  STAGE_OUT: live('completing'),
  UPDATE_DB: live('completing'),
  COMPLETED: ended('COMPLETED'),
  FAILED: ended('FAILED'),
  BOOT_FAIL: ended('NODE_FAILED'),
  NODE_FAIL: ended('NODE_FAILED'),
  TIMEOUT: ended('TIMEOUT'),
  DEADLINE: ended('TIMEOUT'),
  OUT_OF_MEMORY: ended('OUT_OF_MEMORY'),
  PREEMPTED: ended('PREEMPTED'),
  CANCELLED: ended('CANCELLED'),
}

/** What a word of Slurm's means; `CANCELLED by 1001` and `CANCELLED+` are cancelled. An unknown word proves nothing. */
export const meaningOf = (word: string): Meaning =>
  MEANINGS[/^[A-Z_]+/.exec(word.trim())?.[0] ?? ''] ?? { state: 'unknown', ending: null }
