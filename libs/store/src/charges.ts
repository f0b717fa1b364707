import type {
  AccountedMemory,
  AttemptAccount,
  CampaignId,
  ClusterName,
  JobId,
  Membership,
  ProjectId,
  Token,
  UserId,
} from '@crystalmath/contract'
import { tokenOf } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import type { Db } from 'mongodb'
import type { Store } from './open.ts'

/** What one attempt cost. */
type ChargeDocument = {
  readonly _id: Token
  readonly jobId: JobId
  readonly projectId: ProjectId
  readonly userId: UserId
  readonly campaignId: CampaignId | null
  readonly cluster: ClusterName
  /** By the attempt's own word until it is settled; then what accounting says, if it says anything. */
  readonly coreHours: number
  /** When it was first charged, platform clock, ISO. */
  readonly chargedAt: string
  /** The array that it went out with: accounting knows it as a member of that. Absent or null: it went alone. */
  readonly batch?: Membership | null
  /** When its core-hours became final; null before. */
  readonly settledAt: string | null
  /** Absent: accounting told none. */
  readonly memory?: AccountedMemory
}

/** Sums up to a moment, so that asking what a project spent costs the same after a million attempts. */
type TotalDocument = { readonly _id: ProjectId; readonly upTo: string; readonly coreHours: number }

const chargesOf = (db: Db) => db.collection<ChargeDocument>('charges')
const totalsOf = (db: Db) => db.collection<TotalDocument>('charge-totals')

/** Charges attempts, each once: the same again changes nothing. `isFinal` where no accounting will say more; of a pilot's members none ever does. */
export async function saveCharges(
  { db }: Store,
  charged: readonly { readonly job: Job; readonly coreHours: number }[],
  { at, isFinal }: { readonly at: string; readonly isFinal: boolean },
): Promise<void> {
  if (charged.length === 0) return
  await chargesOf(db).bulkWrite(
    charged.map(({ job: { id, attempt, projectId, userId, campaignId, cluster, batch = null }, coreHours }) => ({
      updateOne: {
        filter: { _id: tokenOf(id, attempt) },
        update: {
          $setOnInsert: {
            ...{ jobId: id, projectId, userId, campaignId, cluster },
            ...{ batch, coreHours, chargedAt: at, settledAt: isFinal || batch?.kind === 'pilot' ? at : null },
          },
        },
        upsert: true,
      },
    })),
    { ordered: false },
  )
}

export type OpenCharge = { readonly token: Token; readonly chargedAt: string; readonly batch?: Membership | null }

/** Attempts charged before `before` whose core-hours accounting has not told yet, the oldest first. */
export async function findOpenCharges(
  { db }: Store,
  cluster: ClusterName,
  before: string,
  limit: number,
): Promise<readonly OpenCharge[]> {
  const found = await chargesOf(db)
    .find({ cluster, settledAt: null, chargedAt: { $lte: before } }, { projection: { chargedAt: 1, batch: 1 } })
    .sort({ chargedAt: 1 })
    .limit(limit)
    .toArray()
  return found.map(({ _id, chargedAt, batch = null }) => ({ token: _id, chargedAt, batch }))
}

/** Final core-hours; null: those of the attempt's own word stand. What is settled stays as it is. */
export async function settleCharges(
  { db }: Store,
  settled: readonly { readonly token: Token; readonly coreHours: number | null; readonly memory?: AccountedMemory }[],
  at: string,
): Promise<void> {
  if (settled.length === 0) return
  await chargesOf(db).bulkWrite(
    settled.map(({ token, coreHours, memory }) => ({
      updateOne: {
        filter: { _id: token, settledAt: null },
        update: {
          $set: {
            settledAt: at,
            ...(coreHours === null ? {} : { coreHours }),
            ...(memory === undefined ? {} : { memory }),
          },
        },
      },
    })),
    { ordered: false },
  )
}

/** What accounting says of the attempts of one job, the first one first; of attempts that were not charged yet nothing. */
export async function findAccounts(
  { db }: Pick<Store, 'db'>,
  { id, attempt }: Pick<Job, 'id' | 'attempt'>,
): Promise<readonly AttemptAccount[]> {
  const tokens = Array.from({ length: attempt }, (_, i) => tokenOf(id, i + 1))
  const found = new Map(
    (
      await chargesOf(db)
        .find({ _id: { $in: tokens } })
        .toArray()
    ).map((one) => [one._id, one]),
  )
  return tokens.flatMap((token, i) => {
    const charge = found.get(token)
    if (charge === undefined) return []
    const { coreHours, settledAt, memory = null } = charge
    return [{ attempt: i + 1, coreHours, isFinal: settledAt !== null, memory }]
  })
}

/** What accounting saw of the memory of these attempts, where it saw any. */
export async function findMemories(
  { db }: Pick<Store, 'db'>,
  tokens: readonly Token[],
): Promise<ReadonlyMap<Token, AccountedMemory>> {
  const found = await chargesOf(db)
    .find({ _id: { $in: [...tokens] }, memory: { $exists: true } }, { projection: { memory: 1 } })
    .toArray()
  return new Map(found.flatMap(({ _id, memory }) => (memory === undefined ? [] : [[_id, memory] as const])))
}

/** Charges beyond the last total that are summed each time; more than these, and old enough, go into the total. */
const SUMMED_EACH_TIME = 5_000
/** Clocks of replicas differ by less: what is settled later is stamped later. */
const MARGIN_MS = 600_000

/** What projects have spent in all, core-hours. */
export async function findSpent(
  { db }: Pick<Store, 'db'>,
  ids: readonly ProjectId[],
  now: string,
): Promise<ReadonlyMap<ProjectId, number>> {
  const totals = new Map(
    (
      await totalsOf(db)
        .find({ _id: { $in: [...ids] } })
        .toArray()
    ).map((one) => [one._id, one]),
  )
  const spent = ids.map(async (projectId): Promise<readonly [ProjectId, number]> => {
    const { upTo = '', coreHours = 0 } = totals.get(projectId) ?? {}
    const since = await sumOf(db, { projectId, $or: [{ settledAt: null }, { settledAt: { $gt: upTo } }] })
    if (since.count > SUMMED_EACH_TIME) await addUp(db, projectId, upTo, coreHours, now)
    return [projectId, coreHours + since.coreHours]
  })
  return new Map(await Promise.all(spent))
}

async function sumOf(db: Db, filter: object): Promise<{ readonly count: number; readonly coreHours: number }> {
  const [sum] = await chargesOf(db)
    .aggregate<{ count: number; coreHours: number }>([
      { $match: filter },
      { $group: { _id: null, count: { $sum: 1 }, coreHours: { $sum: '$coreHours' } } },
    ])
    .toArray()
  return sum ?? { count: 0, coreHours: 0 }
}

/** Moves the total forward, unless somebody else just did. */
async function addUp(db: Db, projectId: ProjectId, from: string, coreHours: number, now: string): Promise<void> {
  const upTo = new Date(Date.parse(now) - MARGIN_MS).toISOString()
  if (upTo <= from) return
  const more = await sumOf(db, { projectId, settledAt: { $gt: from, $lte: upTo } })
  if (from === '')
    await totalsOf(db).updateOne({ _id: projectId }, { $setOnInsert: { upTo: '', coreHours: 0 } }, { upsert: true })
  await totalsOf(db).updateOne({ _id: projectId, upTo: from }, { $set: { upTo, coreHours: coreHours + more.coreHours } })
}

/** What attempts cost, added up by who caused it. */
export type ChargeSum<Key> = { readonly key: Key; readonly coreHours: number; readonly attempts: number }

/** Of one project by user or by campaign, the dearest first. */
export async function sumChargesBy<K extends 'userId' | 'campaignId'>(
  db: Db,
  projectId: ProjectId,
  by: K,
  limit: number,
): Promise<readonly ChargeSum<ChargeDocument[K]>[]> {
  const sums = await chargesOf(db)
    .aggregate<{ _id: ChargeDocument[K]; coreHours: number; attempts: number }>([
      { $match: { projectId } },
      { $group: { _id: `$${by}`, coreHours: { $sum: '$coreHours' }, attempts: { $sum: 1 } } },
      { $sort: { coreHours: -1, _id: 1 } },
      { $limit: limit },
    ])
    .toArray()
  return sums.map(({ _id, ...sum }) => ({ key: _id, ...sum }))
}

/** Of all attempts of one campaign. */
export const sumChargesOfCampaign = async (db: Db, campaignId: CampaignId): Promise<number> =>
  (await sumOf(db, { campaignId })).coreHours

export async function ensureChargeIndexes(db: Db): Promise<void> {
  await chargesOf(db).createIndexes([
    { key: { projectId: 1, settledAt: 1, coreHours: 1 }, name: 'by-project' },
    { key: { projectId: 1, userId: 1, coreHours: 1 }, name: 'by-user' },
    { key: { campaignId: 1, coreHours: 1 }, name: 'by-campaign', partialFilterExpression: { campaignId: { $type: 'string' } } },
    { key: { cluster: 1, settledAt: 1, chargedAt: 1 }, name: 'open' },
  ])
}
