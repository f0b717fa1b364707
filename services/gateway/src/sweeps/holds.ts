import { findExpiredHolds, type Store, tell } from '@crystalmath/store'

const AT_ONCE = 200

/** Releases jobs whose holds have all run out. Safe to repeat, from any number of replicas. Returns how many. */
export async function releaseExpired(store: Store, now: Date): Promise<number> {
  const at = now.toISOString()
  const ids = await findExpiredHolds(store.db, at, AT_ONCE)
  for (const id of ids) await tell(store, id, { type: 'Release', at, by: 'the end of the hold', onlyExpired: true })
  return ids.length
}
