import { setImmediate as breathe } from 'node:timers/promises'
import { ProjectId, roleCovers } from '@crystalmath/contract'
import { listClusters, listProjects } from '@crystalmath/store'
import type { Deps } from '../deps.ts'
import { forbidden, notFound } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import { shorten } from '../http/zod-problems.ts'
import { roleIn } from '../permissions.ts'
import { type BadRow, checkRow, type GoodRow } from './check-row.ts'
import { createContext } from './context.ts'
import { readFinishedRuns } from './finished-runs.ts'
import { findStructuresBefore } from './predecessors.ts'

/** Others are served after so many rows. */
const ROWS_AT_ONCE = 100

/** Checks all rows of a request. Rows of projects in which the caller may not submit end it at once: nothing of them is told. */
export async function checkRows(
  { store }: Deps,
  caller: Caller,
  rows: readonly unknown[],
  isOne: boolean,
): Promise<readonly (GoodRow | BadRow)[]> {
  const existing = caller.user.admin ? await listProjects(store.db) : caller.projects
  checkProjects({ user: caller.user, projects: existing }, rows, isOne)
  const context = createContext(
    await listClusters(store),
    await findStructuresBefore(store, rows),
    await readFinishedRuns(store, rows),
  )
  const checked: (GoodRow | BadRow)[] = []
  for (const [row, sent] of rows.entries()) {
    checked.push(checkRow(context, sent, row))
    if (row % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await breathe()
  }
  return checked
}

/** Ends a request that names projects in which the caller may not submit. */
export function checkProjects(caller: Caller, rows: readonly unknown[], isOne: boolean): void {
  const exists = (project: ProjectId) => caller.projects.some(({ id }) => id === project)
  const named = rows.flatMap((row, index) => {
    const project = ProjectId.safeParse(
      typeof row === 'object' && row !== null ? (row as Record<string, unknown>)['project'] : undefined,
    )
    return project.success
      ? [
          {
            ...(isOne ? {} : { row: index }),
            project: project.data,
            role: exists(project.data) ? roleIn(caller, project.data) : null,
          },
        ]
      : []
  })
  const strange = named.filter(({ role }) => role === null)
  const own = caller.projects.map(({ id }) => id)
  const mend =
    own.length === 0 ? 'ask its owner to add you, or make one with "crystalmath project create"' : `yours: ${own.join(', ')}`
  if (strange.length > 0) {
    throw notFound(
      `there is no project "${shorten(strange[0]?.project)}" that you belong to`,
      strange.map(({ project, role: _, ...row }) => ({
        ...row,
        path: 'project',
        value: project,
        message: 'is none of your projects',
        mend,
      })),
    )
  }
  const closed = named.filter(({ role }) => role !== null && !roleCovers(role, 'member'))
  if (closed.length === 0) return
  throw forbidden(
    `you may read project "${closed[0]?.project}" but not submit to it`,
    closed.map(({ project, role, ...row }) => ({
      ...row,
      path: 'project',
      value: project,
      message: `you are ${role}`,
      mend: 'ask an owner for the role member',
    })),
  )
}
