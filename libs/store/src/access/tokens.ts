import { createHash } from 'node:crypto'
import type { TokenView, UserId, UserView } from '@crystalmath/contract'
import { type Db, MongoServerError } from 'mongodb'
import { findUser } from './users.ts'

/** The id is the SHA-256 of the token: its text is stored nowhere. */
type TokenDocument = Omit<TokenView, 'id'> & {
  readonly _id: string
  readonly shortId: string
  /** Of the one that lets the first administrator in; an index keeps it the only one. */
  readonly isFirst?: true
}

const tokensOf = (db: Db) => db.collection<TokenDocument>('tokens')
const toView = ({ _id, shortId, isFirst: _, ...rest }: TokenDocument): TokenView => ({ id: shortId, ...rest })

/** A token's text has 256 random bits, so that a plain hash needs no salt and no stretching. */
export const hashToken = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The last use is noted to the minute: not one write per request. */
const USE_GRAIN_MS = 60_000

/** Stores the hash of a token; storing it again changes nothing. */
export async function saveToken(db: Db, text: string, made: Made): Promise<TokenView> {
  const { _id, ...facts } = documentOf(text, made)
  await tokensOf(db).updateOne({ _id }, { $setOnInsert: facts }, { upsert: true })
  return toView({ _id, ...facts })
}

type Made = Pick<TokenView, 'user' | 'name' | 'createdAt' | 'expiresAt'>

function documentOf(text: string, { user, name, createdAt, expiresAt }: Made): TokenDocument {
  const _id = hashToken(text)
  return { _id, shortId: _id.slice(0, 16), user, name, createdAt, expiresAt, lastUsedAt: null, revokedAt: null }
}

/** Stores the token of the first administrator: of any number of processes that try at once one succeeds. False where another one is stored. */
export async function saveFirstToken(db: Db, text: string, made: Made): Promise<boolean> {
  const document: TokenDocument = { ...documentOf(text, made), isFirst: true }
  try {
    await tokensOf(db).insertOne(document)
    return true
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === 11000)) throw error
    return (await tokensOf(db).findOne({ _id: document._id }, { projection: { _id: 1 } })) !== null
  }
}

/** Whose token it is, if it is known, neither revoked nor expired, and its user is not disabled. */
export async function findBearer(
  db: Db,
  text: string,
  now: string,
): Promise<{ readonly user: UserView; readonly tokenId: string } | null> {
  const document = await tokensOf(db).findOne({ _id: hashToken(text) })
  if (document === null || document.revokedAt !== null) return null
  if (document.expiresAt !== null && document.expiresAt <= now) return null
  const user = await findUser(db, document.user)
  if (user === null || user.disabledAt !== null) return null
  if (document.lastUsedAt === null || Date.parse(now) - Date.parse(document.lastUsedAt) > USE_GRAIN_MS) {
    await tokensOf(db).updateOne({ _id: document._id }, { $set: { lastUsedAt: now } })
  }
  return { user, tokenId: document.shortId }
}

/** All tokens, or one user's, the newest first. */
export async function listTokens(db: Db, user?: UserId): Promise<readonly TokenView[]> {
  const filter = user === undefined ? {} : { user }
  return (await tokensOf(db).find(filter).sort({ createdAt: -1 }).toArray()).map(toView)
}

/** Null if there is no such token, or it is not the user's. */
export async function revokeToken(db: Db, id: string, now: string, user?: UserId): Promise<TokenView | null> {
  const filter = { shortId: id, ...(user === undefined ? {} : { user }) }
  const document = await tokensOf(db).findOneAndUpdate(filter, [{ $set: { revokedAt: { $ifNull: ['$revokedAt', now] } } }], {
    returnDocument: 'after',
  })
  return document === null ? null : toView(document)
}

/** False only before the first token is made: then somebody has to be let in. */
export const hasTokens = async (db: Db): Promise<boolean> => (await tokensOf(db).findOne({}, { projection: { _id: 1 } })) !== null
