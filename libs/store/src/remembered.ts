import type { Db } from 'mongodb'

/** Counts cost what is stored: those of so many jobs are asked each time. Those of more stand for a second per 20,000 while jobs of theirs go on, and longer after. */
const ASKED_EACH_TIME = 20_000
const MS_PER_JOB = 0.05
const OVER_MS = 30_000
/** Counts that are remembered of one database. */
const REMEMBERED = 2_000

type Known = { readonly value: unknown; readonly untilMs: number }
const known = new WeakMap<Db, Map<string, Known>>()

/** A count that was made not long ago, for what it cost. `costOf` tells how many jobs were counted, and whether any of them goes on. */
export async function remembered<T>(
  db: Db,
  key: string,
  count: () => Promise<T>,
  costOf: (value: T) => { readonly total: number; readonly isLive: boolean },
): Promise<T> {
  const ofDb = known.get(db) ?? new Map<string, Known>()
  known.set(db, ofDb)
  const before = ofDb.get(key)
  if (before !== undefined && before.untilMs > performance.now()) return before.value as T
  ofDb.delete(key)
  const value = await count()
  const { total, isLive } = costOf(value)
  const ms = isLive ? total * MS_PER_JOB : Math.max(OVER_MS, total * MS_PER_JOB)
  if (total >= ASKED_EACH_TIME) ofDb.set(key, { value, untilMs: performance.now() + ms })
  for (const oldest of ofDb.keys()) {
    if (ofDb.size <= REMEMBERED) break
    ofDb.delete(oldest)
  }
  return value
}

/** Counts it anew the next time. */
export const forget = (db: Db, key: string): void => void known.get(db)?.delete(key)
