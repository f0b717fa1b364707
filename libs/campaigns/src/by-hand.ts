import type { Resources } from '@crystalmath/contract'
import { shapeOf, type Waiting } from './plan.ts'

/** What most of those ask for that a pilot on one node may run, and how many do; null where none may. */
export function commonestShape(waiting: readonly Waiting[]): { readonly member: Resources; readonly waiting: number } | null {
  const able = waiting.filter(({ alone, packing, resources: { nodes, gpusPerNode } }) => {
    const mayJoin = !alone && packing !== 'single'
    return mayJoin && nodes === 1 && gpusPerNode === 0
  })
  const groups = [...Map.groupBy(able, ({ resources }) => shapeOf(resources)).values()]
  const [most] = groups.toSorted((a, b) => b.length - a.length)
  return most?.[0] === undefined ? null : { member: most[0].resources, waiting: most.length }
}
