import type { ClusterSpec, WaitingKind } from '@crystalmath/contract'
import type { Store } from './open.ts'

/** What an account of a machine was found to take, by whichever of our processes found it, for whichever of the clusters that are reached through it. */
export type Budget = {
  /** Sessions at once on one connection; null: as many as we ever want. */
  readonly channels: number | null
  /** Jobs in its queue, ours and others', where it refused more; null: it refused none. */
  readonly jobs: LearntLimit | null
}

export type LearntLimit = {
  readonly kind: WaitingKind
  /** What was said to the refusal. */
  readonly because: string
  readonly inFlight: number
  /** How many more are tried next. */
  readonly step: number
}

type BudgetDocument = { _id: string } & Partial<Budget>

const budgetsOf = (store: Store) => store.db.collection<BudgetDocument>('budgets')

/** The account, not the cluster: two clusters of one account share its limits. */
const keyOf = ({ ssh }: Pick<ClusterSpec, 'ssh'>): string => `${ssh.user}@${ssh.host}:${ssh.port}`

export async function findBudget(store: Store, account: Pick<ClusterSpec, 'ssh'>): Promise<Budget> {
  const found = await budgetsOf(store).findOne({ _id: keyOf(account) })
  return { channels: found?.channels ?? null, jobs: found?.jobs ?? null }
}

export const saveBudget = async (store: Store, account: Pick<ClusterSpec, 'ssh'>, learnt: Partial<Budget>): Promise<void> =>
  void (await budgetsOf(store).updateOne({ _id: keyOf(account) }, { $set: learnt }, { upsert: true }))
