import type { BatchId, ClusterName, HandPilotSight, HandPilotView } from '@crystalmath/contract'
import type { Store } from './open.ts'

type HandPilotDocument = Omit<HandPilotView, 'id'> & { readonly _id: BatchId }

const pilotsOf = (store: Store) => store.db.collection<HandPilotDocument>('hand-pilots')

const toView = ({ _id, ...facts }: HandPilotDocument): HandPilotView => ({ ...facts, id: _id })

export async function createHandPilot(store: Store, { id, ...facts }: HandPilotView): Promise<void> {
  await pilotsOf(store).insertOne({ _id: id, ...facts })
}

export async function findHandPilot(store: Store, id: BatchId): Promise<HandPilotView | null> {
  const document = await pilotsOf(store).findOne({ _id: id })
  return document === null ? null : toView(document)
}

/** Those that may still take jobs, asked for since then: whoever never starts one is waited for no longer. */
export async function findOpenHandPilots(store: Store, cluster: ClusterName, since: string): Promise<readonly HandPilotView[]> {
  const open = { cluster, 'sight.state': { $ne: 'over' as const }, createdAt: { $gte: since } }
  return (await pilotsOf(store).find(open).sort({ createdAt: 1 }).limit(MOST_OPEN).toArray()).map(toView)
}

/** What the pilot was seen to say. Over is over. */
export const saveHandPilotSight = async (store: Store, id: BatchId, sight: HandPilotSight): Promise<void> =>
  void (await pilotsOf(store).updateOne({ _id: id, 'sight.state': { $ne: 'over' } }, { $set: { sight } }))

const MOST_OPEN = 100
