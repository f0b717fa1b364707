import type { Db } from 'mongodb'

/** Counts cost what is stored: those of so many jobs are asked each time, those of more stand for a second per 20,000 of them. */
const ASKED_EACH_TIME = 20_000
const MS_PER_JOB = 0.05
/** Counts that are remembered of one database. */
const REMEMBERED = 2_000

type Known = { readonly value: unknown; readonly untilMs: number }
const known = new WeakMap<Db, Map<string, Known>>()

/** A count that was made not long ago, for what it cost. `totalOf` tells how many jobs were counted. */
export async function remembered<T>(db: Db, key: string, count: () => Promise<T>, totalOf: (value: T) => number): Promise<T> {
  const ofDb = known.get(db) ?? new Map<string, Known>()
  known.set(db, ofDb)
  const before = ofDb.get(key)
  if (before !== undefined && before.untilMs > performance.now()) return before.value as T
  ofDb.delete(key)
  const value = await count()
  const total = totalOf(value)
  if (total >= ASKED_EACH_TIME) ofDb.set(key, { value, untilMs: performance.now() + total * MS_PER_JOB })
  for (const oldest of ofDb.keys()) {
    if (ofDb.size <= REMEMBERED) break
    ofDb.delete(oldest)
  }
  return value
}
