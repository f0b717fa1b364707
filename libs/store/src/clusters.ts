import { isDeepStrictEqual } from 'node:util'
import type { ClusterInventory, ClusterName, ClusterSpec, ClusterView, WaitingFor } from '@crystalmath/contract'
import type { Store } from './open.ts'

type ClusterDocument = {
  _id: ClusterName
  spec: ClusterSpec
  inventory: ClusterInventory | null
  waitingFor: WaitingFor | null
  foreignJobs?: number | null
}

const clustersOf = (store: Store) => store.db.collection<ClusterDocument>('clusters')

const toView = ({ spec, inventory, waitingFor, foreignJobs = null }: ClusterDocument): ClusterView => ({
  spec,
  inventory,
  waitingFor,
  foreignJobs,
})

export const listClusters = async (store: Store): Promise<readonly ClusterView[]> =>
  (await clustersOf(store).find().sort({ _id: 1 }).toArray()).map(toView)

export async function findCluster(store: Store, name: ClusterName): Promise<ClusterView | null> {
  const document = await clustersOf(store).findOne({ _id: name })
  return document === null ? null : toView(document)
}

/** Registers or changes a cluster; what the doctor learnt stays until the next check. What a cluster waited for as it was registered before says nothing of it now. */
export async function saveCluster(store: Store, spec: ClusterSpec): Promise<void> {
  const present = await clustersOf(store).findOne({ _id: spec.name }, { projection: { spec: 1 } })
  const isSame = isDeepStrictEqual(present?.spec, spec)
  await clustersOf(store).updateOne(
    { _id: spec.name },
    { $set: { spec, ...(isSame ? {} : { waitingFor: null }) }, $setOnInsert: { inventory: null } },
    { upsert: true },
  )
}

/** What the doctor learnt of a cluster as it was registered; false, and nothing is stored, if it was registered otherwise meanwhile. */
export async function saveInventory(store: Store, looked: ClusterSpec, inventory: ClusterInventory): Promise<boolean> {
  const present = await clustersOf(store).findOne({ _id: looked.name }, { projection: { spec: 1 } })
  if (present === null || !isDeepStrictEqual(present.spec, looked)) return false
  // the text as it was read, so that nobody registers it otherwise in between
  return (await clustersOf(store).updateOne({ _id: looked.name, spec: present.spec }, { $set: { inventory } })).matchedCount === 1
}

/** What the whole cluster waits for; null when it answers again. A wait of the same kind began when it first began. Of a cluster that was `tried` and
 * is registered otherwise meanwhile nothing is stored. */
export async function saveClusterWait(
  store: Store,
  name: ClusterName,
  waitingFor: WaitingFor | null,
  tried?: ClusterSpec,
): Promise<void> {
  const present = await clustersOf(store).findOne({ _id: name }, { projection: { spec: 1, waitingFor: 1 } })
  if (present === null || (present.waitingFor ?? null)?.kind === waitingFor?.kind) return
  if (tried !== undefined && !isDeepStrictEqual(present.spec, tried)) return
  await clustersOf(store).updateOne({ _id: name, spec: present.spec }, { $set: { waitingFor } })
}

/** How many jobs of the account in its queue are none of ours; null: nobody looks now. */
export const saveForeignJobs = async (store: Store, name: ClusterName, foreignJobs: number | null): Promise<void> =>
  void (await clustersOf(store).updateOne({ _id: name }, { $set: { foreignJobs } }))

export const removeCluster = async (store: Store, name: ClusterName): Promise<void> =>
  void (await clustersOf(store).deleteOne({ _id: name }))
