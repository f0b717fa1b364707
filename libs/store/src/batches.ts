import type { BatchId, ClusterName, JobId, PilotShape, Resources } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import type { Store } from './open.ts'
import { jobsWhere } from './work.ts'

/** The intent of an array or a pilot, stored before any of its members is told of it. Never changed. */
export type Batch = {
  readonly id: BatchId
  readonly kind: 'array' | 'pilot'
  readonly cluster: ClusterName
  /** Of the one submission: of a member in an array, of the whole allocation in a pilot. */
  readonly resources: Resources
  /** Null: an array. */
  readonly pilot: PilotShape | null
  /** By index: which attempt of which job. */
  readonly members: readonly { readonly jobId: JobId; readonly attempt: number }[]
  readonly createdAt: string
}

type BatchDocument = Omit<Batch, 'id'> & { readonly _id: BatchId }

const batchesOf = (store: Store) => store.db.collection<BatchDocument>('batches')

/** Before its members learn of it: whoever finds a member that names it finds it too. */
export async function createBatch(store: Store, { id, ...facts }: Batch): Promise<void> {
  await batchesOf(store).insertOne({ _id: id, ...facts })
}

export async function findBatch(store: Store, id: BatchId): Promise<Batch | null> {
  const document = await batchesOf(store).findOne({ _id: id })
  if (document === null) return null
  const { _id, ...facts } = document
  return { id: _id, ...facts }
}

/** Jobs whose present try went out with the batch and has no answer yet. */
export const findUnansweredMembers = (store: Store, id: BatchId): Promise<readonly Job[]> =>
  jobsWhere(store, { 'batch.id': id, status: 'submitting' }, MOST_MEMBERS)

const MOST_MEMBERS = 100_000
