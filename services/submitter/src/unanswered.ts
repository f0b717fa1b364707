import { placeOf } from '@crystalmath/cluster'
import type { BatchId } from '@crystalmath/contract'
import { claimOf, type Job, judge, PATIENCE } from '@crystalmath/job'
import { isoTime } from '@crystalmath/service'
import { reclaim } from './batches.ts'
import { type Intent, newNonce, prepare, submit } from './submit.ts'
import type { Work } from './work.ts'

/**
 * Settles submissions whose answer was lost. Where not even the claim exists, the same try is made again: the claim is a directory that only one can
 * make. Where it exists, what became of it is looked up; a silent one is disproved only by age and two complete listings.
 */
export async function settleUnanswered(work: Work): Promise<void> {
  const { jobs, duty, config, clock } = work
  const claimedBefore = isoTime(clock, -config.UNANSWERED_SECONDS * 1_000)
  const silent = await jobs.findUnanswered(duty.cluster, { claimedBefore, now: isoTime(clock) }, MOST_SILENT)
  if (silent.length === 0) return

  const view = await jobs.findCluster(duty.cluster)
  const found = await duty.site.lookUp(silent.map((job) => placeOf(job)))
  const again: Intent[] = []
  const batches = new Map<BatchId, { readonly isClaimed: boolean }>()
  for (const job of silent) {
    const at = isoTime(clock)
    const sight = found.sights.get(placeOf(job).token) ?? null
    const isClaimed = sight === null || sight.claims.some(({ tryNumber }) => tryNumber >= claimOf(job))
    const refused = sight?.claims.find(({ tryNumber }) => tryNumber === claimOf(job))?.refused
    const isToTell = isClaimed && typeof refused === 'string' // the claim only tells what it said
    if (job.batch != null && (!isClaimed || isToTell)) {
      batches.set(job.batch.id, { isClaimed })
      continue
    }
    if (!isClaimed && view?.inventory != null) {
      const prepared = await prepare(job, duty.site.spec, view.inventory, jobs)
      if (prepared.ok) again.push({ job, nonce: newNonce(), preparation: prepared.preparation })
      continue
    }
    if (isToTell) {
      again.push({ job, nonce: newNonce(), preparation: NOTHING })
      continue
    }
    const seen = {
      at,
      sight,
      queue: found.queue,
      accounting: found.accounting,
      hasAccounting: view?.inventory?.accounting ?? false,
    }
    const judgement = judge(job, seen, { ...PATIENCE, claimSeconds: config.CLAIM_SECONDS })
    await jobs.tell(job.id, { type: 'RecordJudgement', at, attempt: job.attempt, judgement })
    const { attempt, tryNumber } = job
    await jobs.tell(job.id, { type: 'AwaitAnswer', at, attempt, tryNumber, nextActionAt: lookAgainAt(work, job) })
    duty.log.info({ jobId: job.id, judgement: judgement.kind }, 'silent submission looked up')
  }
  if (again.length > 0 && duty.lease.isHeld()) await submit(work, again)
  for (const [id, { isClaimed }] of batches)
    if (view?.inventory != null && duty.lease.isHeld()) await reclaim(work, { id, isClaimed, inventory: view.inventory })
}

/** Looked up in one turn: a whole array may be silent. */
const MOST_SILENT = 500

/** Seconds between two look-ups of one silent try, at most: the poller's listings and the spool tell of it meanwhile. */
const LOOK_UP_SECONDS = 60

function lookAgainAt({ clock, config }: Work, job: Job): string {
  const silentSeconds = job.claimedAt === null ? 0 : (clock.now() - Date.parse(job.claimedAt)) / 1_000
  return isoTime(clock, 1_000 * secondsUntilLook(silentSeconds, config))
}

/** As long again as it has been silent, for each look-up costs two scheduler commands; but soon after its claim is old enough to be disproved, and soon again for the second listing. */
export function secondsUntilLook(
  silentSeconds: number,
  { UNANSWERED_SECONDS, CLAIM_SECONDS }: Pick<Work['config'], 'UNANSWERED_SECONDS' | 'CLAIM_SECONDS'>,
): number {
  const leftSeconds = CLAIM_SECONDS + LAG_SECONDS - silentSeconds
  return leftSeconds > 0
    ? Math.min(LOOK_UP_SECONDS, leftSeconds, Math.max(UNANSWERED_SECONDS, silentSeconds))
    : Math.min(LOOK_UP_SECONDS, Math.max(UNANSWERED_SECONDS, -leftSeconds))
}

/** A claim is made a moment after its intent. */
const LAG_SECONDS = 3

const NOTHING: Intent['preparation'] = {
  files: [],
  clusterFiles: [],
  steps: [],
  stopFile: null,
  keep: [],
  parse: '.',
  warnings: [],
}
