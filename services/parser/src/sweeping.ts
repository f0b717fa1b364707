import type { JobId } from '@crystalmath/contract'
import { isoTime, type Log } from '@crystalmath/service'
import { findFaulted, findUnparsed, type Store, tellAgain } from '@crystalmath/store'
import { type Deps, parseJob } from './parse-job.ts'

/** Jobs of one look. */
const BATCH = 50

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
  for (let after: JobId | undefined; !signal.aborted; ) {
    const some = await findFaulted(deps.store, { before: startedAt, after }, BATCH)
    for (const job of some) {
      if (signal.aborted) return
      await safely(deps.log, job.id, () => parseJob(deps, job.id, job.attempt))
    }
    after = some.at(-1)?.id
    if (some.length < BATCH) return
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
