import type { Observations } from './observations.ts'

export const msOf = (iso: string): number => Date.parse(iso)
export const isoOf = (ms: number): string => new Date(ms).toISOString()
export const isoOfSeconds = (seconds: number | null): string | null =>
  seconds === null || seconds <= 0 ? null : isoOf(seconds * 1_000)

/** Cluster clock minus platform clock, as measured with the sight or a listing; 0 where unknown. */
export function offsetSeconds(seen: Observations): number {
  if (seen.sight !== null) return seen.sight.clusterSeconds - msOf(seen.sight.lookedAt) / 1_000
  const listing = seen.queue ?? seen.accounting
  return listing?.clusterSeconds == null ? 0 : listing.clusterSeconds - msOf(listing.begunAt) / 1_000
}
