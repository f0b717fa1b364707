import type { UserId, UserView } from '@crystalmath/contract'
import { type Db, MongoServerError } from 'mongodb'

type UserDocument = Omit<UserView, 'id'> & { readonly _id: UserId }

const usersOf = (db: Db) => db.collection<UserDocument>('users')
const toView = ({ _id, ...rest }: UserDocument): UserView => ({ id: _id, ...rest })

export const isDuplicate = (error: unknown): boolean => error instanceof MongoServerError && error.code === 11_000

/** Makes a user; false if the id is taken. */
export async function createUser(db: Db, { id, ...rest }: UserView): Promise<boolean> {
  try {
    await usersOf(db).insertOne({ _id: id, ...rest })
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

export async function findUser(db: Db, id: UserId): Promise<UserView | null> {
  const document = await usersOf(db).findOne({ _id: id })
  return document === null ? null : toView(document)
}

export const listUsers = async (db: Db): Promise<readonly UserView[]> =>
  (await usersOf(db).find().sort({ _id: 1 }).toArray()).map(toView)

/** Changes what is given; null if there is no such user. */
export async function changeUser(
  db: Db,
  id: UserId,
  change: Partial<Pick<UserView, 'name' | 'admin' | 'disabledAt'>>,
): Promise<UserView | null> {
  if (Object.keys(change).length === 0) return findUser(db, id)
  const document = await usersOf(db).findOneAndUpdate({ _id: id }, { $set: change }, { returnDocument: 'after' })
  return document === null ? null : toView(document)
}

/** Administrators who can still sign in: the last one is never disabled. */
export const countAdmins = (db: Db): Promise<number> => usersOf(db).countDocuments({ admin: true, disabledAt: null })
