import type { CampaignHead, CampaignId, CampaignView, ProjectId } from '@crystalmath/contract'
import type { Db } from 'mongodb'
import { isDuplicate } from '../access/users.ts'

type Counted = 'id' | 'total' | 'byStatus' | 'words'

/** A campaign as it is stored; its rows lie in `campaign-rows`, its jobs in `jobs`. */
export type CampaignDocument = Omit<CampaignView, Counted> & {
  readonly _id: CampaignId
  readonly head: CampaignHead
  /** SHA-256 of what it was made of, once every row is staged; null before. */
  readonly bodyHash: string | null
  /** When its import last showed a sign of life, ISO. */
  readonly touchedAt: string
  /** What the answer to its creation said beside the campaign. */
  readonly report: Readonly<Record<string, unknown>>
}

export const campaignsOf = (db: Db) => db.collection<CampaignDocument>('campaigns')

/** False if there is one of this id. */
export async function insertCampaign(db: Db, document: CampaignDocument): Promise<boolean> {
  try {
    await campaignsOf(db).insertOne(document)
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

export const findCampaign = (db: Db, id: CampaignId): Promise<CampaignDocument | null> => campaignsOf(db).findOne({ _id: id })

/** One page, the newest first; `before`: of the last of the page before. */
export const listCampaigns = (
  db: Db,
  projects: readonly ProjectId[] | null,
  page: { readonly before?: string | undefined; readonly limit: number },
): Promise<readonly CampaignDocument[]> =>
  campaignsOf(db)
    .find({
      ...(projects === null ? {} : { project: { $in: [...projects] } }),
      ...(page.before === undefined ? {} : { createdAt: { $lt: page.before } }),
    })
    .sort({ createdAt: -1 })
    .limit(page.limit)
    .toArray()

/** The campaign as it is then; null if there is none. */
export const changeCampaign = (
  db: Db,
  id: CampaignId,
  set: Partial<Pick<CampaignDocument, 'state' | 'held' | 'maxInFlight' | 'rows' | 'columns' | 'bodyHash' | 'report'>>,
): Promise<CampaignDocument | null> => campaignsOf(db).findOneAndUpdate({ _id: id }, { $set: set }, { returnDocument: 'after' })

/** Takes over an import that gave no sign of life since `before`; false if somebody is at it. */
export async function touchCampaign(db: Db, id: CampaignId, now: string, before: string | null): Promise<boolean> {
  const filter = { _id: id, state: 'importing' as const, ...(before === null ? {} : { touchedAt: { $lt: before } }) }
  return (await campaignsOf(db).updateOne(filter, { $set: { touchedAt: now } })).matchedCount === 1
}

/** Forgets a campaign whose import was refused: none of its rows has become a job. */
export async function removeCampaign(db: Db, id: CampaignId): Promise<void> {
  await db.collection('campaign-rows').deleteMany({ campaignId: id })
  await campaignsOf(db).deleteOne({ _id: id, state: 'importing' })
}
