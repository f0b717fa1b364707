import { type CrystalEvent, type JobId, TransientError } from '@crystalmath/contract'
import type { AnyBulkWriteOperation, Db, Document } from 'mongodb'
import type { Store } from './open.ts'

/** News of one job that stands in its document until the bus has it. */
export type Outbox = { readonly jobId: JobId; readonly news: readonly CrystalEvent[] }

type WithOutbox = Document & { readonly _id: JobId; readonly unpublished?: readonly CrystalEvent[] }

const outboxesIn = (db: Db) => db.collection<WithOutbox>('jobs')

/** Says the news; its outboxes are emptied a moment later, many in one write. What fails here is relayed by a sweep, so the caller's work is done either way. */
export async function publishNews(store: Store, outboxes: readonly Outbox[]): Promise<void> {
  const { publish, emptying } = store
  const full = outboxes.filter(({ news }) => news.length > 0)
  if (publish === undefined || full.length === 0) return
  try {
    await publish(full.flatMap(({ news }) => news))
  } catch {
    return // the sweep relays what is older than 5 s: see `findUnpublished`
  }
  emptying.later(full)
}

/** Says the news; what the bus does not take now is left for the relay. */
export async function publishOrKeep(store: Store, outboxes: readonly Outbox[]): Promise<void> {
  try {
    if (store.publish === undefined) throw new TransientError('there is no bus here')
    await store.publish(outboxes.flatMap(({ news }) => news))
  } catch {
    await outboxesIn(store.db).bulkWrite(
      outboxes.map(({ jobId, news }) => ({
        updateOne: { filter: { _id: jobId }, update: { $push: { unpublished: { $each: [...news] } } as never } },
      })),
      { ordered: false },
    )
  }
}

/** Outboxes that their writer left behind, oldest first. */
export async function findUnpublished(store: Store, olderThan: string, limit: number): Promise<readonly Outbox[]> {
  const documents = await outboxesIn(store.db)
    .find({ 'unpublished.time': { $lt: olderThan } }, { projection: { unpublished: 1 } })
    .sort({ 'unpublished.time': 1 })
    .limit(limit)
    .toArray()
  return documents.map(({ _id, unpublished }) => ({ jobId: _id, news: unpublished ?? [] }))
}

/** Empties outboxes whose news the bus has. A crash before it costs a repeat that the bus drops. */
export type Emptying = {
  /** Within `LATER_MS`, together with others. */
  later(outboxes: readonly Outbox[]): void
  /** What is due, now. */
  flush(): Promise<void>
}

/** Far below the age at which the sweep takes an outbox for left behind. */
const LATER_MS = 100

export function openEmptying(db: Db): Emptying {
  let due: Outbox[] = []
  let timer: NodeJS.Timeout | undefined
  const flush = async () => {
    clearTimeout(timer)
    timer = undefined
    const now = due.splice(0)
    if (now.length > 0) await emptyOutboxes(db, now)
  }
  return {
    later: (outboxes) => {
      due = due.concat(outboxes)
      timer ??= setTimeout(() => void flush().catch(() => undefined), LATER_MS).unref() // the sweep does it
    },
    flush,
  }
}

/** Takes this news out of its outboxes. No majority is waited for: what comes back with an older copy is said again, and dropped. */
async function emptyOutboxes(db: Db, outboxes: readonly Outbox[]): Promise<void> {
  const ids = new Map<JobId, string[]>()
  for (const { jobId, news } of outboxes) ids.set(jobId, [...(ids.get(jobId) ?? []), ...news.map(({ id }) => id)])
  const writes = [...ids].map(
    ([jobId, said]): AnyBulkWriteOperation<WithOutbox> => ({
      updateOne: { filter: { _id: jobId }, update: [{ $set: { unpublished: without(said) } }] },
    }),
  )
  await outboxesIn(db).bulkWrite(writes, { ordered: false, writeConcern: { w: 1 } })
}

/** What is left of the outbox; the field goes when nothing is. */
const without = (ids: readonly string[]) => ({
  $let: {
    vars: { rest: { $filter: { input: { $ifNull: ['$unpublished', []] }, cond: { $not: [{ $in: ['$$this.id', [...ids]] }] } } } },
    in: { $cond: [{ $eq: [{ $size: '$$rest' }, 0] }, '$$REMOVE', '$$rest'] },
  },
})
