import type { JobId, Status, WaitingFor } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import { findStatuses, findSuccessors, type Store, tell } from '@crystalmath/store'

const AT_ONCE = 1_000

/** What a job that waits for another one waits for now; null: for nothing any more. A predecessor that failed may still be retried. */
function waitOf(after: JobId, status: Status | undefined, at: string): WaitingFor | null {
  if (status === 'completed') return null
  const because =
    status === undefined
      ? `job ${after} is gone; cancel this one, or submit it anew`
      : status === 'failed' || status === 'cancelled'
        ? `job ${after} is ${status}; retry that one, or cancel this one`
        : `starts when job ${after} is completed; it is ${status}`
  return { kind: 'PREDECESSOR', because, since: at }
}

/** Lets jobs go whose predecessor is completed: of one job upon its news, of all in the sweep. Safe to repeat. Returns how many were let go. */
export async function releaseSuccessors(store: Store, of: JobId | null, now: Date): Promise<number> {
  const waiting = await findSuccessors(store.db, of, AT_ONCE)
  const statuses = await findStatuses(store.db, [...new Set(waiting.flatMap(({ request }) => request.after ?? []))])
  let released = 0
  for (const job of waiting) released += await look(store, job, statuses, now.toISOString())
  return released
}

async function look(
  store: Store,
  { id, request: { after } }: Job,
  statuses: ReadonlyMap<JobId, Status>,
  at: string,
): Promise<number> {
  if (after === undefined) return 0
  const waitingFor = waitOf(after, statuses.get(after), at)
  const job = await tell(store, id, { type: 'Wait', at, waitingFor, nextActionAt: waitingFor === null ? at : null })
  return waitingFor === null && job?.waitingFor === null ? 1 : 0
}
