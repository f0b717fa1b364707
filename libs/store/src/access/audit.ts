import type { AuditEntry } from '@crystalmath/contract'
import type { Db, Filter } from 'mongodb'

const auditOf = (db: Db) => db.collection<AuditEntry>('audit')

/** Notes who did what. Never changed, never removed. */
export const recordAudit = async (db: Db, entry: AuditEntry): Promise<void> => void (await auditOf(db).insertOne({ ...entry }))

/** The newest first. */
export async function listAudit(
  db: Db,
  {
    user,
    target,
    before,
    limit,
  }: {
    readonly user?: string | undefined
    readonly target?: string | undefined
    readonly before?: string | undefined
    readonly limit: number
  },
): Promise<readonly AuditEntry[]> {
  const filter: Filter<AuditEntry> = {
    ...(user === undefined ? {} : { user }),
    ...(target === undefined ? {} : { target }),
    ...(before === undefined ? {} : { at: { $lt: before } }),
  }
  return auditOf(db)
    .find(filter, { projection: { _id: 0 } })
    .sort({ at: -1 })
    .limit(limit)
    .toArray()
}
