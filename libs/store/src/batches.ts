import type { BatchId, ClusterName, JobId, PilotShape, Resources, Status } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import { IN_PILOTS } from './indexes.ts'
import { jobsOf } from './jobs.ts'
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
  /** What each member of a pilot asks for; absent: of an array, or of a pilot that is not fed. */
  readonly member?: Resources
  /** The living pilot that its members are fed to; absent: it is submitted itself. */
  readonly into?: BatchId
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

/** A pilot with members that are not over, as far as is known. */
export type LivingPilot = { readonly id: BatchId; readonly live: number; readonly firstStartedAt: string | null }

/** Pilots of one cluster that have members, whatever brought those there. */
export async function findLivingPilots(store: Store, cluster: ClusterName): Promise<readonly LivingPilot[]> {
  const status: Status[] = ['submitting', 'pending', 'running']
  const groups = await jobsOf(store)
    .aggregate<{ _id: BatchId; live: number; firstStartedAt: string | null }>(
      [
        { $match: { cluster, status: { $in: status }, 'batch.kind': 'pilot', end: null } },
        {
          $group: {
            _id: { $ifNull: ['$batch.into', '$batch.id'] },
            live: { $sum: 1 },
            firstStartedAt: { $min: '$startedAt' },
          },
        },
      ],
      { hint: IN_PILOTS },
    )
    .toArray()
  return groups.map(({ _id, ...facts }) => ({ id: _id, ...facts }))
}

const MOST_MEMBERS = 100_000
