import { PermanentError, type SchedulerName } from '@crystalmath/contract'
import { local } from './local/index.ts'
import { pbs } from './pbs/index.ts'
import type { Scheduler } from './scheduler.ts'
import { slurm } from './slurm/index.ts'

/** What a member may need of the cluster it speaks for. */
export type ClusterFacts = { readonly root: string }

const MEMBERS: Readonly<Partial<Record<SchedulerName, (facts: ClusterFacts) => Scheduler>>> = {
  slurm: () => slurm,
  local: ({ root }) => local(root),
  pbs: () => pbs,
}

export function schedulerFor(name: SchedulerName, facts: ClusterFacts): Scheduler {
  const member = MEMBERS[name]
  if (member === undefined)
    throw new PermanentError(`there is no adapter for the scheduler "${name}"; there are: ${Object.keys(MEMBERS).join(', ')}`)
  return member(facts)
}
