import { isOver, JobId, type Structure } from '@crystalmath/contract'
import { findJob, findStructure, type Store } from '@crystalmath/store'
import type { BadRow, GoodRow } from './check-row.ts'

/** `after` must name a job of the same project that can still be completed, or is. */
export async function checkPredecessors(
  store: Store,
  rows: readonly (GoodRow | BadRow)[],
): Promise<readonly (GoodRow | BadRow)[]> {
  const ids = new Set(rows.flatMap((row) => (row.ok && row.request.after !== undefined ? [row.request.after] : [])))
  const jobs = new Map(
    await Promise.all(
      [...ids].map(async (id): Promise<[JobId, Awaited<ReturnType<typeof findJob>>]> => [id, await findJob(store, id)]),
    ),
  )
  return rows.map((row) => {
    const after = row.ok ? row.request.after : undefined
    if (!row.ok || after === undefined) return row
    const job = jobs.get(after)
    const bad = (message: string, mend: string): BadRow => ({
      row: row.row,
      ok: false,
      problems: [{ row: row.row, path: 'after', value: after, message, mend }],
    })
    if (job === null || job === undefined || job.projectId !== row.request.project)
      return bad('is no job of this project', 'give the id of a job of the same project')
    if (isOver(job.status) && job.status !== 'completed')
      return bad(`is ${job.status} and will not be completed`, 'retry it first, or leave "after" out')
    return row
  })
}

/** What each job that hands over its geometry began from itself; further up the chain where that is still to come. */
export async function findStructuresBefore(store: Store, rows: readonly unknown[]): Promise<ReadonlyMap<JobId, Structure>> {
  const wanted = new Map(rows.flatMap(givesStructure))
  const found = new Map<JobId, Structure>()
  for (const [id, project] of wanted) {
    // of another project nothing is told, not even by what its structure would be refused for
    if ((await findJob(store, id))?.projectId !== project) continue
    const structure = await structureUpFrom(store, id)
    if (structure !== null) found.set(id, structure)
  }
  return found
}

function givesStructure(row: unknown): readonly (readonly [JobId, unknown])[] {
  if (typeof row !== 'object' || row === null || !('structureFrom' in row) || !('after' in row)) return []
  const after = JobId.safeParse(row.after)
  return row.structureFrom === 'after' && after.success ? [[after.data, 'project' in row ? row.project : undefined]] : []
}

/** What a job began from, or the job whose geometry it waits for; null where there is none. */
export async function structureUpFrom(store: Store, id: JobId): Promise<Structure | null> {
  for (let next: JobId | undefined = id; next !== undefined; ) {
    const job: Awaited<ReturnType<typeof findJob>> = await findJob(store, next)
    if (job === null) return null
    if (job.structureHash !== null) return findStructure(store, job.structureHash)
    next = job.request.structureFrom === 'after' ? job.request.after : undefined
  }
  return null
}
