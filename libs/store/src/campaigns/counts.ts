import {
  CAMPAIGN_WORDS,
  type CampaignId,
  type CampaignView,
  type CampaignWord,
  type ResultSummary,
  type Status,
} from '@crystalmath/contract'
import type { Db } from 'mongodb'
import type { JobDocument } from '../jobs.ts'
import { forget, remembered } from '../remembered.ts'
import { wordOf } from './words.ts'

export type CampaignCount = Pick<CampaignView, 'total' | 'byStatus' | 'words'>

type Group = { readonly status: Status; readonly isTimeout: boolean; readonly count: number }

const jobs = (db: Db) => db.collection<JobDocument>('jobs')

/** Jobs of campaigns by status and word, from their index; large ones as they were a while ago, see `remembered`. */
export async function countByCampaign(db: Db, ids: readonly CampaignId[]): Promise<ReadonlyMap<CampaignId, CampaignCount>> {
  const counted = ids.map(async (id) => {
    const count = await remembered(
      db,
      keyOf(id),
      () => countOne(db, id),
      ({ total, words: { to_run, ready, running } }) => ({ total, isLive: to_run.count + ready.count + running.count > 0 }),
    )
    return [id, count] as const
  })
  return new Map(await Promise.all(counted))
}

const keyOf = (id: CampaignId): string => `campaign ${id}`

/** Somebody acted on all of it: what was counted is counted anew. */
export const forgetCounts = (db: Db, id: CampaignId): void => forget(db, keyOf(id))

/** By either sign, each from an index that holds such jobs alone. */
async function countTimeouts(db: Db, campaignId: CampaignId): Promise<number> {
  const failed = { campaignId, status: 'failed' as const }
  const [byScheduler, byOutputs] = await Promise.all([
    jobs(db).countDocuments({ ...failed, 'end.ending': 'TIMEOUT' }, { hint: 'campaign-timed-out' }),
    jobs(db).countDocuments(
      { ...failed, diagnosis: 'OUT_OF_WALLTIME', 'end.ending': { $ne: 'TIMEOUT' } },
      { hint: 'campaign-out-of-walltime' },
    ),
  ])
  return byScheduler + byOutputs
}

async function countOne(db: Db, campaignId: CampaignId): Promise<CampaignCount> {
  const [byStatus, timeouts] = await Promise.all([
    jobs(db)
      .aggregate<{ _id: Status; count: number }>(
        [{ $match: { campaignId } }, { $group: { _id: '$status', count: { $sum: 1 } } }],
        {
          hint: 'by-campaign-status',
        },
      )
      .toArray(),
    countTimeouts(db, campaignId),
  ])
  return countOf(
    byStatus.flatMap(({ _id: status, count }): readonly Group[] =>
      status === 'failed'
        ? [
            { status, isTimeout: true, count: timeouts },
            { status, isTimeout: false, count: Math.max(0, count - timeouts) },
          ]
        : [{ status, isTimeout: false, count }],
    ),
  )
}

function countOf(groups: readonly Group[]): CampaignCount {
  const total = groups.reduce((sum, { count }) => sum + count, 0)
  const byStatus: Partial<Record<Status, number>> = {}
  const words = new Map<CampaignWord, number>()
  for (const { status, isTimeout, count } of groups) {
    if (count === 0) continue
    byStatus[status] = (byStatus[status] ?? 0) + count
    const word = wordOf({ status, end: null, diagnosis: isTimeout ? 'OUT_OF_WALLTIME' : null })
    words.set(word, (words.get(word) ?? 0) + count)
  }
  const share = (word: CampaignWord) => {
    const count = words.get(word) ?? 0
    return { count, percent: total === 0 ? 0 : Math.round((count / total) * 10_000) / 100 }
  }
  return {
    total,
    byStatus,
    words: Object.fromEntries(CAMPAIGN_WORDS.map((word) => [word, share(word)])) as CampaignView['words'],
  }
}

export type CompletedNumbers = { readonly summary: ResultSummary | null; readonly altered: boolean }

/** Key numbers of completed jobs, a few at a time. */
export async function* eachCompleted(db: Db, campaignId: CampaignId): AsyncGenerator<CompletedNumbers> {
  const cursor = jobs(db).find(
    { campaignId, status: 'completed' },
    { projection: { summary: 1, 'origin.altered': 1 }, batchSize: 2_000 },
  )
  for await (const { summary, origin } of cursor) yield { summary, altered: origin.altered }
}
