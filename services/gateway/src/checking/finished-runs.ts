import { ClusterName, CodeName, ProjectId } from '@crystalmath/contract'
import { type FinishedRun, findFinishedRuns, type Store } from '@crystalmath/store'

/** Finished runs by project, cluster and code. */
export type RunsOf = (project: ProjectId, cluster: ClusterName, code: CodeName) => readonly FinishedRun[]

export const noRuns: RunsOf = () => []

const keyOf = (project: string, cluster: string, code: string): string => `${project} ${cluster} ${code}`

/** The finished runs that rows of one request are estimated by: one query for each project, cluster and code among them. */
export async function readFinishedRuns(store: Store, rows: readonly unknown[]): Promise<RunsOf> {
  const wanted = new Map(rows.flatMap(askedBy))
  const found = new Map(
    await Promise.all([...wanted].map(async ([key, of]) => [key, await findFinishedRuns(store, of)] as const)),
  )
  return (project, cluster, code) => found.get(keyOf(project, cluster, code)) ?? []
}

type Of = Parameters<typeof findFinishedRuns>[1]

function askedBy(row: unknown): readonly (readonly [string, Of])[] {
  if (typeof row !== 'object' || row === null) return []
  const { project, cluster, code } = row as Readonly<Record<string, unknown>>
  const [p, c, k] = [ProjectId.safeParse(project), ClusterName.safeParse(cluster), CodeName.safeParse(code)]
  return p.success && c.success && k.success
    ? [[keyOf(p.data, c.data, k.data), { project: p.data, cluster: c.data, code: k.data }]]
    : []
}
