import { judge } from '@crystalmath/job'
import { findCluster, findUnanswered, tell } from '@crystalmath/store'
import { placeOf } from './place.ts'
import type { Work } from './serve-writes.ts'
import { type Intent, prepare, submit } from './submit.ts'

/**
 * Settles submissions whose answer was lost. Where not even the claim exists, the same try is made again: the claim is a directory that only one can
 * make. Where it exists, what became of it is looked up; a silent one is disproved only by age and two complete listings.
 */
export async function settleUnanswered(work: Work): Promise<void> {
  const { store, duty, config } = work
  const before = new Date(Date.now() - config.UNANSWERED_SECONDS * 1_000).toISOString()
  const silent = await findUnanswered(store, duty.cluster, before, config.BATCH)
  if (silent.length === 0) return

  const view = await findCluster(store, duty.cluster)
  const found = await duty.site.lookUp(silent.map((job) => placeOf(job)))
  const again: Intent[] = []
  for (const job of silent) {
    const at = new Date().toISOString()
    const sight = found.sights.get(placeOf(job).token) ?? null
    const isClaimed = sight === null || sight.claims.some(({ tryNumber }) => tryNumber >= job.tryNumber)
    if (!isClaimed && job.nonce !== null && view?.inventory != null) {
      const prepared = await prepare(job, duty.site.spec, view.inventory, store)
      if (prepared.ok) again.push({ job, nonce: job.nonce, preparation: prepared.preparation })
      continue
    }
    const refused = sight?.claims.find(({ tryNumber }) => tryNumber === job.tryNumber)?.refused
    if (isClaimed && typeof refused === 'string') {
      again.push({ job, nonce: job.nonce ?? '', preparation: NOTHING }) // the claim only tells what it said
      continue
    }
    const judgement = judge(job, {
      at,
      sight,
      queue: found.queue,
      accounting: found.accounting,
      hasAccounting: view?.inventory?.accounting ?? false,
    })
    await tell(store, job.id, { type: 'RecordJudgement', at, attempt: job.attempt, judgement })
    duty.log.info({ jobId: job.id, judgement: judgement.kind }, 'silent submission looked up')
  }
  if (again.length > 0 && duty.lease.isHeld()) await submit(work, again)
}

const NOTHING: Intent['preparation'] = {
  files: [],
  clusterFiles: [],
  steps: [],
  stopFile: null,
  keep: [],
  parse: '.',
  warnings: [],
}
