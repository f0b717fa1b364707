import {
  type BatchId,
  batchToken,
  type JobId,
  type Membership,
  type NativeId,
  PermanentError,
  type ProjectId,
  type QueueName,
  queueKey,
  queueNamesOf,
  rowKey,
  Token,
  tokenOf,
} from '@crystalmath/contract'
import type { BatchPlace, Place } from './site.ts'

type Attempted = {
  readonly projectId: ProjectId
  readonly id: JobId
  readonly attempt: number
  readonly past?: readonly (Batched & { readonly attempt: number })[]
} & Batched
type Batched = { readonly batch?: Membership | null; readonly lateBatches?: readonly Membership[] }

/** Where an attempt of a job lives; the present one unless told. */
export function placeOf(job: Attempted, attempt = job.attempt): Place {
  const tried: Batched = (attempt === job.attempt ? job : job.past?.find((past) => past.attempt === attempt)) ?? {}
  return {
    project: job.projectId,
    jobId: job.id,
    attempt,
    token: tokenOf(job.id, attempt),
    batch: tried.batch ?? null,
    lateBatches: tried.lateBatches ?? [],
  }
}

/** Whether a row of a listing is the attempt's. */
export const isOf = (place: Place, row: { readonly name: string; readonly nativeId: NativeId }): boolean =>
  namesOf(place).some((name) => queueKey(name) === rowKey(row))

/** What any of its tries may be called in the queue. */
export const namesOf = ({ token, batch, lateBatches = [] }: Place): readonly QueueName[] =>
  queueNamesOf(token, [...lateBatches, ...(batch == null ? [] : [batch])])

/** Where an array or a pilot lives. */
export const placeOfBatch = (id: BatchId): BatchPlace => ({ batchId: id, token: batchToken(id) })

/** Relative to the root. */
export const directoryOf = (place: Place | BatchPlace): string =>
  'batchId' in place ? batchDirectory(place.batchId) : `${place.project}/${place.jobId}/${place.attempt}`

/** Relative to the root. */
export const batchDirectory = (id: BatchId): string => `.batches/${id}`

/** Relative to the root: an index of sentinels, one folder per account. */
export const spoolOf = (account: string): string => `.spool/${account}`

/** A path of a job's own, relative to its folder; throws for one that leaves it or that a shell would read in its own way. */
export function insidePath(path: string): string {
  const plain = /^[A-Za-z0-9_][A-Za-z0-9_.+@=,:-]*(\/[A-Za-z0-9_][A-Za-z0-9_.+@=,:-]*)*$/.test(path)
  if (plain) return path
  throw new PermanentError(
    `"${path}" is no path inside a job's folder: letters, digits and _.+@=,:- between slashes, none of them first but letters, digits and _`,
  )
}

/** A glob of a job's own; `*`, `?` and `[…]` are the shell's. */
export function insideGlob(glob: string): string {
  const plain = /^[A-Za-z0-9_*?[][A-Za-z0-9_.+@=,:*?[\]!-]*(\/[A-Za-z0-9_*?[][A-Za-z0-9_.+@=,:*?[\]!-]*)*$/.test(glob)
  if (plain) return glob
  throw new PermanentError(`"${glob}" is no pattern for files inside a job's folder`)
}

export const tokenFrom = (text: string): Token | null => Token.safeParse(text).data ?? null
