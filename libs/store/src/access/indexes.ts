import type { Db } from 'mongodb'

/** Answers are kept for repeats this long; job ids stay derived from the key, so that a later repeat makes nothing twice either. */
const KEY_TTL_SECONDS = 7 * 86_400

/** Indexes of users, projects, tokens, keys, the audit log, and of lists over all projects. */
export async function ensureAccessIndexes(db: Db): Promise<void> {
  await db.collection('projects').createIndex({ 'members.user': 1 })
  await db
    .collection('tokens')
    .createIndexes([
      { key: { shortId: 1 } },
      { key: { user: 1, createdAt: -1 } },
      { key: { isFirst: 1 }, name: 'one-first', unique: true, sparse: true },
    ])
  await db.collection('idempotency-keys').createIndex({ startedAt: 1 }, { expireAfterSeconds: KEY_TTL_SECONDS })
  await db.collection('audit').createIndexes([{ key: { at: -1 } }, { key: { user: 1, at: -1 } }, { key: { target: 1, at: -1 } }])
  await db.collection('jobs').createIndexes([
    { key: { createdAt: -1, _id: -1 }, name: 'newest' },
    { key: { 'holds.until': 1 }, name: 'holds-that-end', sparse: true },
    { key: { 'waitingFor.kind': 1 }, name: 'waiting', sparse: true },
    { key: { 'waitingFor.kind': 1, _id: 1 }, name: 'waiting-by-id', partialFilterExpression: { status: 'accepted' } },
  ])
}
