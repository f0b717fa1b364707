import type { PlannedGroup } from '@crystalmath/contract'
import { MOST_IN_BATCH, type PlanFacts, plan, type Waiting } from './plan.ts'

/** So many jobs that ask for the same. */
export type Shape = Pick<Waiting, 'resources' | 'packing'> & { readonly count: number }

/** How a campaign would go into an empty queue, by the same plan as the submitter's, thousand by thousand. */
export function forecast(shapes: readonly Shape[], facts: PlanFacts): readonly PlannedGroup[] {
  const groups = shapes.flatMap(({ count, ...shape }) =>
    Array.from({ length: Math.ceil(count / MOST_IN_BATCH) }, (_, slice) => {
      const size = Math.min(MOST_IN_BATCH, count - slice * MOST_IN_BATCH)
      return plan(
        Array.from({ length: size }, () => ({ ...shape, alone: false })),
        facts,
      ).map(({ kind, jobs, because }) => ({
        packing: kind === 'feed' ? ('pilot' as const) : kind,
        jobs: jobs.length,
        submissions: kind === 'single' ? jobs.length : 1,
        because,
      }))
    }).flat(),
  )
  return [...Map.groupBy(groups, ({ packing, because }) => `${packing} ${because}`).values()].flatMap((alike) => {
    const [first] = alike
    const sum = (of: (group: PlannedGroup) => number) => alike.reduce((total, group) => total + of(group), 0)
    return first === undefined
      ? []
      : [{ ...first, jobs: sum(({ jobs }) => jobs), submissions: sum((group) => group.submissions) }]
  })
}
