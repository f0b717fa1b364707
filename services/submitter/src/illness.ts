import { type ClusterInventory, stopsCluster, type WaitingKind } from '@crystalmath/contract'
import type { Pressing } from './pressure.ts'

const KINDS: Readonly<Record<string, WaitingKind>> = { SCHEDULER: 'SCHEDULER_DOWN', FREE_SPACE: 'DISK_FULL' }

/** Why nothing can run on a cluster, by the doctor's word; null where it can. */
export function illnessOf({ findings }: Pick<ClusterInventory, 'findings'>): Pressing | null {
  const finding = findings.find(stopsCluster)
  if (finding === undefined) return null
  const { item, evidence, mend } = finding
  return { kind: KINDS[item] ?? 'OTHER', because: `cluster check, ${item}: ${evidence}; ${mend}` }
}
