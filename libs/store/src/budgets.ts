import {
  type AccountBudget,
  BUDGET_LEAST,
  BUDGET_MOST,
  BUDGETED,
  type Budgeted,
  type ClusterSpec,
  type LearntLimit,
} from '@crystalmath/contract'
import type { Document } from 'mongodb'
import type { Store } from './open.ts'

/** So many of each at once, or in a minute. */
export type Limits = Readonly<Record<Budgeted, number>>

/** What an account of a machine was found to take, by whichever of our processes found it, for whichever of the clusters that are reached through it. */
export type Budget = {
  readonly limits: Limits
  /** Jobs in its queue, ours and others', where it refused more; null: it refused none. */
  readonly jobs: LearntLimit | null
}

type BudgetDocument = {
  _id: string
  jobs?: LearntLimit | null
  /** Those that were ever narrowed. */
  limits?: Partial<Record<Budgeted, number>>
  changedAt?: Partial<Record<Budgeted, Date>>
}

const budgetsOf = (store: Store) => store.db.collection<BudgetDocument>('budgets')

type Account = Pick<ClusterSpec, 'ssh'>

/** The account, not the cluster: two clusters of one account share its limits. */
export const accountOf = ({ ssh }: Account): string => `${ssh.user}@${ssh.host}:${ssh.port}`

const budgetIn = (found: BudgetDocument | null): Budget => ({
  limits: { ...BUDGET_MOST, ...found?.limits },
  jobs: found?.jobs ?? null,
})

export const findBudget = async (store: Store, account: Account): Promise<Budget> =>
  budgetIn(await budgetsOf(store).findOne({ _id: accountOf(account) }))

export const saveBudget = async (store: Store, account: Account, learnt: Pick<Budget, 'jobs'>): Promise<void> =>
  void (await budgetsOf(store).updateOne({ _id: accountOf(account) }, { $set: learnt }, { upsert: true }))

/** One trouble shows in many answers at once: within this it counts once, whoever met it. */
const SAME_TROUBLE_MS = 5_000
/** Between two steps upwards. */
const WIDEN_MS = 30_000
const STEPS: Limits = { channels: 1, transfers: 1, commands: 12, submissions: 3 }

/** Half of it, or its least; at once exactly `to`, where a refusal told how many it takes. Limits of the account as they are then. */
export const narrow = (store: Store, account: Account, what: Budgeted, to?: number): Promise<Limits> =>
  change(store, account, what, {
    value: to === undefined ? { $max: [BUDGET_LEAST[what], { $floor: { $divide: ['$$limit', 2] } }] } : { $min: ['$$limit', to] },
    afterMs: to === undefined ? SAME_TROUBLE_MS : 0,
  })

/** One step more, unless it was changed lately: after trouble it is waited that long, too. */
export const widen = (store: Store, account: Account, what: Budgeted): Promise<Limits> =>
  change(store, account, what, {
    value: { $min: [BUDGET_MOST[what], { $add: ['$$limit', STEPS[what]] }] },
    afterMs: WIDEN_MS,
  })

/** By the database's clock and in one step, for several processes serve one account. */
async function change(
  store: Store,
  account: Account,
  what: Budgeted,
  { value, afterMs }: { readonly value: Document; readonly afterMs: number },
): Promise<Limits> {
  const [limit, at] = [`limits.${what}`, `changedAt.${what}`]
  const isDue = { $gte: [{ $subtract: ['$$NOW', { $ifNull: [`$${at}`, new Date(0)] }] }, afterMs] }
  const vars = { limit: { $ifNull: [`$${limit}`, BUDGET_MOST[what]] } }
  const document = await budgetsOf(store).findOneAndUpdate(
    { _id: accountOf(account) },
    [
      {
        $set: {
          [limit]: { $let: { vars, in: { $cond: [isDue, value, '$$limit'] } } },
          [at]: { $cond: [isDue, '$$NOW', `$${at}`] },
        },
      },
    ],
    { upsert: true, returnDocument: 'after' },
  )
  return budgetIn(document).limits
}

/** As the API shows it: connections of all clusters of the account, by the leases that are held now. */
export async function viewBudget(store: Store, account: Account, clusters: readonly ClusterSpec[]): Promise<AccountBudget> {
  const own = clusters.filter((spec) => accountOf(spec) === accountOf(account))
  const names = own.flatMap(({ name }) => [`read:${name}`, `write:${name}`])
  const [{ limits, jobs }, connections] = await Promise.all([
    findBudget(store, account),
    store.db
      .collection<{ _id: string }>('leases')
      .countDocuments({ _id: { $in: names }, $expr: { $gt: ['$expiresAt', '$$NOW'] } }),
  ])
  return {
    account: accountOf(account),
    connections: { now: connections, most: names.length },
    limits: Object.fromEntries(
      BUDGETED.map((what) => [what, { now: limits[what], most: BUDGET_MOST[what] }]),
    ) as AccountBudget['limits'],
    jobs,
  }
}
