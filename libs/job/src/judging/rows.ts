import { type AccountingRow, type NativeId, type QueueRow, queueKey, queueNamesOf, rowKey, tokenOf } from '@crystalmath/contract'
import type { Job, LiveJob } from '../job.ts'
import { msOf, offsetSeconds } from './clocks.ts'
import type { Observations } from './observations.ts'

export type Rows = { readonly queue: QueueRow | null; readonly accounting: AccountingRow | null }

/** The rows of the execution that counts: the lock's owner where there is one. Ids come again after a lost state, so the name must match and the submission must not be older than ours. */
export function rowsOf(job: LiveJob, seen: Observations): Rows {
  const keys = keysOf(job)
  const owner = idOf(seen.sight?.lockOwner ?? null) ?? seen.sight?.nativeId ?? job.nativeId
  const claimedSeconds = job.claimedAt === null ? 0 : msOf(job.claimedAt) / 1_000 + offsetSeconds(seen)
  // a pilot is there before whoever is fed to it; its name is its own
  const isFed = [...(job.lateBatches ?? []), ...(job.batch == null ? [] : [job.batch])].some(({ into }) => into !== undefined)
  const isOurs = (row: { readonly name: string; readonly nativeId: NativeId; readonly submittedSeconds: number | null }) =>
    keys.has(rowKey(row)) && (isFed || row.submittedSeconds === null || row.submittedSeconds >= claimedSeconds - 120)
  // a pilot that an earlier try was to be fed to was there anyhow: only of whom it took it tells
  const telling = keysOf({ ...job, lateBatches: (job.lateBatches ?? []).filter(({ into }) => into === undefined) })
  const isTelling = (row: { readonly name: string; readonly nativeId: NativeId }) => telling.has(rowKey(row))
  const pick = <R extends { readonly name: string; readonly nativeId: NativeId; readonly submittedSeconds: number | null }>(
    all: readonly R[],
  ): R | null => {
    const ours = all.filter(isOurs)
    return ours.find((row) => row.nativeId === owner) ?? (owner === null ? latest(ours.filter(isTelling)) : null) ?? null
  }
  const queue = pick(seen.queue?.rows ?? [])
  return { queue, accounting: pick(seen.accounting?.rows ?? []) }
}

const latest = <R extends { readonly submittedSeconds: number | null }>(rows: readonly R[]): R | undefined =>
  rows.toSorted((a, b) => (a.submittedSeconds ?? 0) - (b.submittedSeconds ?? 0)).at(-1)

/** What rows of its present attempt are called, whichever try brought them there. */
export const keysOf = (job: Pick<Job, 'id' | 'attempt' | 'batch' | 'lateBatches'>): ReadonlySet<string> => {
  const batches = [...(job.lateBatches ?? []), ...(job.batch == null ? [] : [job.batch])]
  return new Set(queueNamesOf(tokenOf(job.id, job.attempt), batches).map(queueKey))
}

/** `812.0` → `812`. */
export const idOf = (owner: string | null): string | null => (owner === null ? null : owner.slice(0, owner.lastIndexOf('.')))

export const asNativeId = (id: string | null): NativeId | null => id as NativeId | null
