import { setImmediate as breathe } from 'node:timers/promises'
import { ProjectId, roleCovers } from '@crystalmath/contract'
import { listClusters } from '@crystalmath/store'
import type { Deps } from '../deps.ts'
import { forbidden, notFound } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import { shorten } from '../http/zod-problems.ts'
import { roleIn } from '../permissions.ts'
import { type BadRow, checkRow, type GoodRow } from './check-row.ts'
import { createContext } from './context.ts'

/** Others are served after so many rows. */
const ROWS_AT_ONCE = 100

/** Checks all rows of a request. Rows of projects in which the caller may not submit end it at once: nothing of them is told. */
export async function checkRows(
  { store }: Deps,
  caller: Caller,
  rows: readonly unknown[],
): Promise<readonly (GoodRow | BadRow)[]> {
  checkProjects(caller, rows)
  const context = createContext(await listClusters(store))
  const checked: (GoodRow | BadRow)[] = []
  for (const [row, sent] of rows.entries()) {
    checked.push(checkRow(context, sent, row))
    if (row % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await breathe()
  }
  return checked
}

function checkProjects(caller: Caller, rows: readonly unknown[]): void {
  const named = rows.flatMap((row, index) => {
    const project = ProjectId.safeParse(
      typeof row === 'object' && row !== null ? (row as Record<string, unknown>)['project'] : undefined,
    )
    return project.success ? [{ row: index, project: project.data, role: roleIn(caller, project.data) }] : []
  })
  const strange = named.filter(({ role }) => role === null)
  const own = caller.projects.map(({ id }) => id)
  const mend =
    own.length === 0 ? 'ask its owner to add you, or make one with "crystalmath project create"' : `yours: ${own.join(', ')}`
  if (strange.length > 0) {
    throw notFound(
      `there is no project "${shorten(strange[0]?.project)}" that you belong to`,
      strange.map(({ row, project }) => ({ row, path: 'project', value: project, message: 'is none of your projects', mend })),
    )
  }
  const closed = named.filter(({ role }) => role !== null && !roleCovers(role, 'member'))
  if (closed.length === 0) return
  throw forbidden(
    `you may read project "${closed[0]?.project}" but not submit to it`,
    closed.map(({ row, project, role }) => ({
      row,
      path: 'project',
      value: project,
      message: `you are ${role}`,
      mend: 'ask an owner for the role member',
    })),
  )
}
