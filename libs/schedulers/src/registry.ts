import type { SchedulerName } from '@crystalmath/contract'
import { flux } from './flux/index.ts'
import { local } from './local/index.ts'
import { pbs } from './pbs/index.ts'
import type { Scheduler } from './scheduler.ts'
import { slurm } from './slurm/index.ts'
import { torque } from './torque/index.ts'

/** What a member may need of the cluster it speaks for. */
export type ClusterFacts = { readonly root: string }

const MEMBERS: Readonly<Record<SchedulerName, (facts: ClusterFacts) => Scheduler>> = {
  slurm: () => slurm,
  local: ({ root }) => local(root),
  pbs: () => pbs,
  flux: () => flux,
  torque: () => torque,
}

export function schedulerFor(name: SchedulerName, facts: ClusterFacts): Scheduler {
  return MEMBERS[name](facts)
}
