import type { ProjectId, ProjectView, Role, UserId } from '@crystalmath/contract'
import type { Db } from 'mongodb'
import { isDuplicate } from './users.ts'

/** Projects of earlier releases have no weight and no budget. */
type ProjectDocument = Omit<ProjectView, 'id' | Settable> & Partial<Pick<ProjectView, Settable>> & { readonly _id: ProjectId }
type Settable = 'weight' | 'budgetCoreHours'

const projectsOf = (db: Db) => db.collection<ProjectDocument>('projects')
const toView = ({ _id, ...rest }: ProjectDocument): ProjectView => ({ id: _id, weight: 1, budgetCoreHours: null, ...rest })

/** Makes a project; false if the id is taken. */
export async function createProject(db: Db, { id, ...rest }: ProjectView): Promise<boolean> {
  try {
    await projectsOf(db).insertOne({ _id: id, ...rest })
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

export async function findProject(db: Db, id: ProjectId): Promise<ProjectView | null> {
  const document = await projectsOf(db).findOne({ _id: id })
  return document === null ? null : toView(document)
}

/** All projects, or those that a user belongs to. */
export async function listProjects(db: Db, member?: UserId): Promise<readonly ProjectView[]> {
  const filter = member === undefined ? {} : { 'members.user': member }
  return (await projectsOf(db).find(filter).sort({ _id: 1 }).toArray()).map(toView)
}

/** Those of them that exist. */
export const listProjectsById = async (db: Db, ids: readonly ProjectId[]): Promise<readonly ProjectView[]> =>
  (
    await projectsOf(db)
      .find({ _id: { $in: [...ids] } })
      .toArray()
  ).map(toView)

/** Changes what is given; null if there is no such project. */
export async function changeProject(
  db: Db,
  id: ProjectId,
  change: Partial<Pick<ProjectView, 'title' | Settable>>,
): Promise<ProjectView | null> {
  if (Object.keys(change).length === 0) return findProject(db, id)
  const document = await projectsOf(db).findOneAndUpdate({ _id: id }, { $set: change }, { returnDocument: 'after' })
  return document === null ? null : toView(document)
}

/** Gives a user a role in a project, or another one. False if there is no such project. */
export async function setMember(db: Db, id: ProjectId, user: UserId, role: Role): Promise<boolean> {
  const changed = await projectsOf(db).updateOne({ _id: id, 'members.user': user }, { $set: { 'members.$.role': role } })
  if (changed.matchedCount > 0) return true
  const added = await projectsOf(db).updateOne(
    { _id: id, 'members.user': { $ne: user } },
    { $push: { members: { user, role } } as never },
  )
  return added.matchedCount > 0
}

/** False if the user was not in the project. */
export async function removeMember(db: Db, id: ProjectId, user: UserId): Promise<boolean> {
  const { modifiedCount } = await projectsOf(db).updateOne({ _id: id }, { $pull: { members: { user } } as never })
  return modifiedCount > 0
}
