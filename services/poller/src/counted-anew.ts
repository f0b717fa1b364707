import type { AttemptSight } from '@crystalmath/contract'
import type { LiveJob } from '@crystalmath/job'

type Given = { readonly id: number; readonly claimedMs: number; readonly givenMs: number; readonly isFirstTry: boolean }

/**
 * A scheduler that gives a smaller id to a later submission has lost its state: it counts from the beginning again. Returns till when ids
 * were given that it knows nothing of any more, epoch ms of the platform's clock. A later submission is one whose claim began when the other
 * had its id already, and that no earlier try can have made. Ids that reach their maximum begin anew, too: what is said of the jobs that
 * vanished at that very moment rests on listings, folders and accounting all the same.
 */
export function lostBefore(live: readonly LiveJob[]): number {
  const given = live.flatMap((job) => givenTo(job) ?? [])
  const later = given.filter(({ isFirstTry }) => isFirstTry).sort((a, b) => b.claimedMs - a.claimedMs)
  let next = 0
  let smallest = Number.POSITIVE_INFINITY
  for (const { id, givenMs } of given.toSorted((a, b) => b.givenMs - a.givenMs)) {
    for (let one = later[next]; one !== undefined && one.claimedMs > givenMs; one = later[next]) {
      smallest = Math.min(smallest, one.id)
      next += 1
    }
    if (smallest < id) return givenMs
  }
  return Number.NEGATIVE_INFINITY
}

function givenTo({ nativeId, claimedAt, submittedAt, tryNumber, mayComeLate, lateBatches = [] }: LiveJob): Given | null {
  const id = Number.parseInt(nativeId ?? '', 10)
  if (Number.isNaN(id) || claimedAt === null || submittedAt === null) return null
  const isFirstTry = tryNumber === 1 && mayComeLate !== true && lateBatches.length === 0
  return { id, claimedMs: Date.parse(claimedAt), givenMs: Date.parse(submittedAt), isFirstTry }
}

/** Whether a job was merely queued by a state that is lost: a start that came all the same would find its attempt fenced. */
export const isLostWithState = ({ status, submittedAt }: LiveJob, sight: AttemptSight | null, beforeMs: number): boolean =>
  status === 'pending' && sight?.lockOwner === null && submittedAt !== null && Date.parse(submittedAt) <= beforeMs
