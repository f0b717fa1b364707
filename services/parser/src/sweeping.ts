import { isoTime, type Log } from '@crystalmath/service'
import { findFaulted, findUnparsed, type Store, tellAgain } from '@crystalmath/store'
import { type Deps, parseJob } from './parse-job.ts'

/** Jobs of one look. */
const BATCH = 50
/** So many at a start; the rest wait for their dead letters. */
const FAULTED = 2_000

/** Reads what no message announced. What meets a fault of ours is announced anew, so that its message becomes a dead letter with the stack. */
export async function sweepUnparsed(deps: Deps & { readonly store: Store }, graceMs: number, signal: AbortSignal): Promise<void> {
  const { store, clock } = deps
  for (const job of await findUnparsed(store, isoTime(clock, -graceMs), BATCH)) {
    if (signal.aborted) return
    const outcome = await safely(deps.log, job.id, () => parseJob(deps, job.id, job.attempt))
    if (outcome?.kind === 'reject') await tellAgain(store, job.id)
  }
}

/** Once, by a parser that starts: it may be the release that mends what an earlier one could not read. */
export async function readFaulted(deps: Deps & { readonly store: Store }, startedAt: string, signal: AbortSignal): Promise<void> {
  for (const job of await findFaulted(deps.store, startedAt, FAULTED)) {
    if (signal.aborted) return
    await safely(deps.log, job.id, () => parseJob(deps, job.id, job.attempt))
  }
}

/** One job's trouble is no other's. */
async function safely<T>(log: Log, jobId: string, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    log.error({ err: error, jobId }, 'the sweep met an error')
    return null
  }
}
