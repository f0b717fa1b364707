import { type ClusterInventory, stopsCluster } from '@crystalmath/contract'
import { findCluster, saveInventory } from '@crystalmath/store'
import type { Work } from './work.ts'

/** Runs the doctor and stores what it learnt, unless it was there lately. Null: the cluster was registered otherwise meanwhile; who serves it then looks again. */
export async function checkCluster(
  { store, duty }: Work,
  { onlyIfOlderThanMs, dryRun = false }: { readonly onlyIfOlderThanMs: number; readonly dryRun?: boolean },
): Promise<ClusterInventory | null> {
  const present = (await findCluster(store, duty.cluster))?.inventory ?? null
  if (
    present !== null &&
    !isIll(present) &&
    onlyIfOlderThanMs > 0 &&
    Date.now() - Date.parse(present.checkedAt) < onlyIfOlderThanMs
  )
    return present
  const inventory = await duty.site.check({ dryRun })
  if (!(await saveInventory(store, duty.site.spec, inventory))) return null
  const bad = inventory.findings.filter(({ severity }) => severity !== 'ok')
  duty.log.info({ findings: bad }, 'the doctor was there')
  return inventory
}

/** Something was found that keeps every job from being sent: worth another look soon. */
export const isIll = ({ findings }: ClusterInventory): boolean => findings.some(stopsCluster)

/** Its scheduler did not answer. */
export const isSilent = ({ findings }: ClusterInventory): boolean =>
  findings.some((finding) => stopsCluster(finding) && finding.item === 'SCHEDULER')
