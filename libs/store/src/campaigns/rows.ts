import type { CampaignId, JobId } from '@crystalmath/contract'
import type { Command } from '@crystalmath/job'
import type { Db } from 'mongodb'

type Posted = Extract<Command, { type: 'PostJob' }>['posted']

/** One row of a campaign's table under the id of its job. */
export type CampaignRow = {
  readonly _id: JobId
  readonly campaignId: CampaignId
  readonly row: number
  /** Its further columns, name and value: names may hold what field names may not. */
  readonly cells: readonly (readonly [string, unknown])[]
  /** The job that it is to become; absent once it has. */
  readonly posted?: Posted
  /** With the result that it has already. */
  readonly adopted?: NonNullable<Extract<Command, { type: 'PostJob' }>['adopted']>
}

const rowsOf = (db: Db) => db.collection<CampaignRow>('campaign-rows')

/** Stores rows beside the jobs, before there are any; the same ones again change nothing. `isNew`: none of them can be there. */
export async function stageRows(db: Db, rows: readonly CampaignRow[], isNew: boolean): Promise<void> {
  if (rows.length === 0) return
  if (isNew) return void (await rowsOf(db).insertMany(rows, { ordered: false }))
  await rowsOf(db).bulkWrite(
    rows.map((row) => ({ replaceOne: { filter: { _id: row._id }, replacement: row, upsert: true } })),
    { ordered: false },
  )
}

/** Rows that are no jobs yet, in their order. */
export const eachStaged = (db: Db, campaignId: CampaignId): AsyncIterable<CampaignRow> =>
  rowsOf(db)
    .find({ campaignId, posted: { $exists: true } })
    .sort({ row: 1 })
    .batchSize(500)

/** These are jobs now. */
export const settleRows = async (db: Db, ids: readonly JobId[]): Promise<void> =>
  void (await rowsOf(db).updateMany({ _id: { $in: [...ids] } }, { $unset: { posted: '', adopted: '' } }))

/** All rows in their order, without what they are to become. */
export const eachRow = (db: Db, campaignId: CampaignId): AsyncIterable<Omit<CampaignRow, 'posted'>> =>
  rowsOf(db)
    .find({ campaignId }, { projection: { posted: 0 } })
    .sort({ row: 1 })
    .batchSize(200)
