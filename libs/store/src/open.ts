import type { CrystalEvent } from '@crystalmath/contract'
import { TransientError } from '@crystalmath/contract'
import { type Db, GridFSBucket, MongoClient, MongoNetworkError, MongoServerError, MongoServerSelectionError } from 'mongodb'
import { ensureAccessIndexes } from './access/indexes.ts'
import { ensureChargeIndexes } from './charges.ts'
import { ensureIndexes } from './indexes.ts'
import { type Emptying, openEmptying } from './outbox.ts'

export type StoreOptions = {
  readonly url: string
  readonly database: string
  /** CloudEvents source, `/crystalmath/<service>`. */
  readonly source: string
  /** Puts events on the bus, in order; the outbox is cleared when it resolves. Where absent, a sweep of another service relays. */
  readonly publish?: ((events: readonly CrystalEvent[]) => Promise<void>) | undefined
}

/** An open database; functions of this package take it first. */
export type Store = {
  readonly db: Db
  readonly bucket: GridFSBucket
  readonly source: string
  readonly publish: ((events: readonly CrystalEvent[]) => Promise<void>) | undefined
  readonly emptying: Emptying
  ping(): Promise<void>
  close(): Promise<void>
}

/** Connects, makes the indexes, and answers once the primary does. Writes wait for the majority: what was said stays said. */
export async function openStore({ url, database, source, publish }: StoreOptions): Promise<Store> {
  const client = new MongoClient(url, {
    appName: source,
    w: 'majority',
    journal: true,
    retryWrites: true,
    retryReads: true,
    serverSelectionTimeoutMS: 15_000,
    maxPoolSize: 20,
  })
  await client.connect()
  const db = client.db(database)
  await Promise.all([ensureIndexes(db), ensureAccessIndexes(db), ensureChargeIndexes(db)])
  const emptying = openEmptying(db)
  return {
    db,
    emptying,
    bucket: new GridFSBucket(db, { bucketName: 'kept' }),
    source,
    publish,
    ping: async () => void (await db.command({ ping: 1 })),
    close: async () => {
      await emptying.flush().catch(() => undefined) // a database that is away: the sweep of another process does it
      await client.close()
    },
  }
}

/** What a member says that stops being the primary, or is no longer: those of MongoDB's `error_codes.yml` that its drivers try again, once. */
const STEPPING_DOWN: ReadonlySet<unknown> = new Set([6, 7, 89, 91, 189, 262, 9_001, 10_107, 11_600, 11_602, 13_435, 13_436])

/** Translates the driver's trouble at the edge: a database that is away, or between two primaries, comes back. */
export function asStoreError(error: unknown): unknown {
  const isAway =
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    (error instanceof MongoServerError && STEPPING_DOWN.has(error.code))
  return isAway
    ? new TransientError(`the database does not answer: ${error.message}`, { cause: error, retryAfterMs: 2_000 })
    : error
}
