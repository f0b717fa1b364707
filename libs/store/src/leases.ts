import { MongoServerError } from 'mongodb'
import type { Store } from './open.ts'

type LeaseDocument = { _id: string; holder: string; number: number; expiresAt: Date }

/** A right that one process has at a time. */
export type Lease = {
  readonly name: string
  /** Grows with every change of hands: fences what an earlier holder may still say. */
  readonly number: number
  /** False from half of the TTL after the last renewal on, by this process's monotonic clock: stop before another may begin. */
  isHeld(): boolean
  release(): Promise<void>
}

export type LeaseOptions = { readonly name: string; readonly holder: string; readonly ttlMs?: number }

/** Longer than any remote command, each of which runs under `timeout`. */
export const LEASE_TTL_MS = 60_000

/** Takes a lease, or null while another holds it. Expiry is by the database's clock; a timer of its own renews it. */
export async function takeLease(store: Store, { name, holder, ttlMs = LEASE_TTL_MS }: LeaseOptions): Promise<Lease | null> {
  const first = await tryTake(store, name, holder, ttlMs)
  if (first === null) return null
  let good = first
  let released = false
  const timer = setInterval(async () => {
    const began = performance.now()
    const number = (await tryTake(store, name, holder, ttlMs).catch(() => null))?.number
    if (number === first.number && !released) good = { number, at: began }
  }, ttlMs / 6)
  timer.unref()
  return {
    name,
    number: first.number,
    isHeld: () => !released && performance.now() - good.at < ttlMs / 2,
    release: async () => {
      released = true
      clearInterval(timer)
      await leasesOf(store).updateOne({ _id: name, holder, number: first.number }, { $set: { expiresAt: new Date(0) } })
    },
  }
}

const leasesOf = (store: Store) => store.db.collection<LeaseDocument>('leases')

type Taken = { readonly number: number; readonly at: number }

async function tryTake(store: Store, name: string, holder: string, ttlMs: number): Promise<Taken | null> {
  const taken = await update(store, name, holder, ttlMs)
  if (taken !== null || !(await created(store, name))) return taken
  return await update(store, name, holder, ttlMs)
}

async function update(store: Store, name: string, holder: string, ttlMs: number): Promise<Taken | null> {
  const at = performance.now()
  const isMine = { $and: [{ $eq: ['$holder', holder] }, { $gt: ['$expiresAt', '$$NOW'] }] }
  const lease = await leasesOf(store).findOneAndUpdate(
    { _id: name, $expr: { $or: [isMine, { $lte: ['$expiresAt', '$$NOW'] }] } },
    [
      {
        $set: {
          number: { $cond: [isMine, '$number', { $add: ['$number', 1] }] },
          holder,
          expiresAt: { $dateAdd: { startDate: '$$NOW', unit: 'millisecond', amount: ttlMs } },
        },
      },
    ],
    { returnDocument: 'after' },
  )
  return lease === null ? null : { number: lease.number, at }
}

/** Makes the lease's document at its first use; true if it was this call that made it. */
async function created(store: Store, name: string): Promise<boolean> {
  const { upsertedCount } = await leasesOf(store)
    .updateOne({ _id: name }, { $setOnInsert: { holder: '', number: 0, expiresAt: new Date(0) } }, { upsert: true })
    .catch((error: unknown) => {
      if (error instanceof MongoServerError && error.code === 11_000) return { upsertedCount: 0 } // another made it just now
      throw error
    })
  return upsertedCount === 1
}
