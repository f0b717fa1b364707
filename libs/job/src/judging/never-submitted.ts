import { batchToken, queueNameOf, tokenOf } from '@crystalmath/contract'
import type { LiveJob } from '../job.ts'
import { claimOf } from './members.ts'
import type { Judgement, Observations, Patience } from './observations.ts'

/** A claim takes along whoever's inputs it was sent with, before it submits: of a batch that was submitted, or whose claim is older than any can be at
 * work, who bears no mark of it is no member. */
export function leftOutOfBatch(job: LiveJob, { at, sight }: Observations, { claimSeconds }: Patience): Judgement | null {
  if (job.status !== 'submitting' || job.batch == null || sight === null) return null
  const claim = sight.claims.find(({ tryNumber }) => tryNumber === claimOf(job))
  const isOver = claim !== undefined && claim.refused === null && claim.ageSeconds > claimSeconds
  if (sight.nativeId === null && !isOver) return null
  const token = batchToken(job.batch.id)
  if (sight.broughtBy?.includes(token) === true || sight.lockOwner !== null) return null
  const how = sight.nativeId === null ? `claimed ${Math.round(claim?.ageSeconds ?? 0)} s ago` : `submitted as ${sight.nativeId}`
  const said = `batch ${token} was ${how} without this attempt: it brought none of its inputs`
  return { kind: 'never-submitted', tryNumber: job.tryNumber, evidence: { source: 'folder', at, clock: 'platform', said } }
}

/** A silent try submitted nothing if its claim is old by the cluster's clock and two complete listings begun after that show nothing. */
export function disproved(job: LiveJob, seen: Observations, patience: Patience): Judgement {
  const { sight, queue, accounting } = seen
  if (sight === null || queue === null) return { kind: 'nothing' }
  const claim = sight.claims.find(({ tryNumber }) => tryNumber === claimOf(job))
  // where nobody claimed it, somebody still may: the same try is made again instead
  if (claim === undefined) return { kind: 'nothing' }
  // one row of a batch proves that all of it was submitted
  const { token } = queueNameOf(tokenOf(job.id, job.attempt), job.batch)
  const isOfName = (row: { readonly name: string }) => row.name === token || row.name === `${job.id}.${job.attempt}`
  if (queue.rows.some(isOfName)) return { kind: 'nothing' }
  const { ageSeconds } = claim
  if (ageSeconds <= patience.claimSeconds) return { kind: 'nothing' }
  if (!job.absences.includes(queue.listingId) && job.absences.length + 1 < 2)
    return { kind: 'missed', listingId: queue.listingId }
  if (job.absences.includes(queue.listingId) && job.absences.length < 2) return { kind: 'nothing' }
  if (seen.hasAccounting && (accounting?.complete !== true || accounting.rows.some(isOfName))) return { kind: 'nothing' }
  return {
    kind: 'never-submitted',
    tryNumber: job.tryNumber,
    evidence: {
      source: 'squeue',
      at: queue.begunAt,
      clock: 'platform',
      said: `the claim of try ${job.tryNumber} is ${Math.round(ageSeconds)} s old and two complete listings since show nothing of it`,
    },
  }
}
