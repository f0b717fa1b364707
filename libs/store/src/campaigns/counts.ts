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
import { wordOf } from './words.ts'

export type CampaignCount = Pick<CampaignView, 'total' | 'byStatus' | 'words'>

type Group = {
  readonly _id: { readonly campaignId: CampaignId; readonly status: Status; readonly isTimeout: boolean }
  readonly count: number
}

const jobs = (db: Db) => db.collection<JobDocument>('jobs')

/** Jobs of campaigns by status and word, from one indexed aggregation. */
export async function countByCampaign(db: Db, ids: readonly CampaignId[]): Promise<ReadonlyMap<CampaignId, CampaignCount>> {
  const isTimeout = { $or: [{ $eq: ['$end.ending', 'TIMEOUT'] }, { $eq: ['$diagnosis', 'OUT_OF_WALLTIME'] }] }
  const groups = await jobs(db)
    .aggregate<Group>([
      { $match: { campaignId: { $in: [...ids] } } },
      { $group: { _id: { campaignId: '$campaignId', status: '$status', isTimeout }, count: { $sum: 1 } } },
    ])
    .toArray()
  return new Map(ids.map((id) => [id, countOf(groups.filter(({ _id }) => _id.campaignId === id))]))
}

function countOf(groups: readonly Group[]): CampaignCount {
  const total = groups.reduce((sum, { count }) => sum + count, 0)
  const byStatus: Partial<Record<Status, number>> = {}
  const words = new Map<CampaignWord, number>()
  for (const { _id, count } of groups) {
    const { status, isTimeout } = _id
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
