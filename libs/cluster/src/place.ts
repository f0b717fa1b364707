import { type JobId, PermanentError, type ProjectId, Token, tokenOf } from '@crystalmath/contract'
import type { Place } from './site.ts'

type Attempted = { readonly projectId: ProjectId; readonly id: JobId; readonly attempt: number }

/** Where an attempt of a job lives; the present one unless told. */
export const placeOf = (job: Attempted, attempt = job.attempt): Place => ({
  project: job.projectId,
  jobId: job.id,
  attempt,
  token: tokenOf(job.id, attempt),
})

/** Relative to the root. */
export const directoryOf = ({ project, jobId, attempt }: Place): string => `${project}/${jobId}/${attempt}`

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
