import type { Db } from 'mongodb'
import { isDuplicate } from './users.ts'

/** What a request was answered: repeated for the same key and the same body. */
export type StoredAnswer = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }

type KeyDocument = {
  readonly _id: string
  readonly requestHash: string
  /** For the TTL index, and to tell a request that is at work from one that died. */
  readonly startedAt: Date
  readonly answer: StoredAnswer | null
}

const keysOf = (db: Db) => db.collection<KeyDocument>('idempotency-keys')

/** A request that has not answered after this long died with its process; its key may be taken over. Milliseconds. */
const AT_WORK_MS = 120_000

export type KeyState =
  | { readonly kind: 'yours' }
  | { readonly kind: 'answered'; readonly answer: StoredAnswer }
  /** Another request with this key is at work right now. */
  | { readonly kind: 'at-work' }
  /** The key was used for another request. */
  | { readonly kind: 'other-request' }

/** Takes a key for one request, or tells what became of the request that took it. `id` names the user too. */
export async function takeKey(db: Db, id: string, requestHash: string, now: Date): Promise<KeyState> {
  try {
    await keysOf(db).insertOne({ _id: id, requestHash, startedAt: now, answer: null })
    return { kind: 'yours' }
  } catch (error) {
    if (!isDuplicate(error)) throw error
  }
  const document = await keysOf(db).findOne({ _id: id })
  if (document === null) return takeKey(db, id, requestHash, now) // expired in between
  if (document.requestHash !== requestHash) return { kind: 'other-request' }
  if (document.answer !== null) return { kind: 'answered', answer: document.answer }
  const before = new Date(now.getTime() - AT_WORK_MS)
  const taken = await keysOf(db).updateOne({ _id: id, answer: null, startedAt: { $lte: before } }, { $set: { startedAt: now } })
  return taken.modifiedCount === 1 ? { kind: 'yours' } : { kind: 'at-work' }
}

export const answerKey = async (db: Db, id: string, answer: StoredAnswer): Promise<void> =>
  void (await keysOf(db).updateOne({ _id: id }, { $set: { answer } }))

/** The request changed nothing (refused, failed): the key is free for a better one. */
export const releaseKey = async (db: Db, id: string): Promise<void> =>
  void (await keysOf(db).deleteOne({ _id: id, answer: null }))
