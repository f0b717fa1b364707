import type { CampaignId, CampaignWord } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import type { Db, Filter } from 'mongodb'
import { type JobDocument, toJob } from '../jobs.ts'
import { wordsFilter } from './words.ts'

const jobs = (db: Db) => db.collection<JobDocument>('jobs')

/** Attempts that came to no good end. */
export const failCountOf = ({ status, past }: Pick<Job, 'status' | 'past'>): number => past.length + (status === 'failed' ? 1 : 0)

/** A failed job has failed once more than it has attempts behind it. */
const failed = (campaignId: CampaignId, atLeast: number): Filter<JobDocument> => ({
  campaignId,
  status: 'failed',
  ...(atLeast <= 1 ? {} : { [`past.${atLeast - 2}`]: { $exists: true } }),
})

export const countFailures = (db: Db, campaignId: CampaignId, atLeast: number): Promise<number> =>
  jobs(db).countDocuments(failed(campaignId, atLeast))

/** Failed jobs, those that failed most often first. */
export async function findFailures(db: Db, campaignId: CampaignId, atLeast: number, limit: number): Promise<readonly Job[]> {
  const documents = await jobs(db)
    .aggregate<JobDocument>([
      { $match: failed(campaignId, atLeast) },
      { $project: { events: 0, unpublished: 0 } },
      { $set: { attempts: { $size: '$past' } } },
      { $sort: { attempts: -1, createdAt: 1, _id: 1 } },
      { $limit: limit },
      { $unset: 'attempts' },
    ])
    .toArray()
  return documents.map(toJob)
}

/** Jobs under these words, those that wait for no other one first: a chain is reset from its beginning. */
export async function* findResettable(db: Db, campaignId: CampaignId, words: readonly CampaignWord[]): AsyncGenerator<Job> {
  for (const hasPredecessor of [false, true]) {
    const filter = { campaignId, ...wordsFilter(words), 'request.after': { $exists: hasPredecessor } } as Filter<JobDocument>
    for await (const document of jobs(db)
      .find(filter, { projection: { events: 0, unpublished: 0 } })
      .sort({ createdAt: 1, _id: 1 })
      .allowDiskUse())
      yield toJob(document)
  }
}
