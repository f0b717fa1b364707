import { isOver, type JobId } from '@crystalmath/contract'
import { findJob, type Store } from '@crystalmath/store'
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
