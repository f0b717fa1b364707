/** The reading of the file that was changed last; the last one given where times are equal or unknown. Null for none. */
export const newest = <T extends { readonly modifiedMs: number | null }>(readings: readonly T[]): T | null =>
  readings.reduce<T | null>((best, one) => (best === null || (one.modifiedMs ?? 0) >= (best.modifiedMs ?? 0) ? one : best), null)
