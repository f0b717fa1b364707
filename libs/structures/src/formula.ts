/** Counts by element. */
export function composition(species: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const symbol of species) counts.set(symbol, (counts.get(symbol) ?? 0) + 1)
  return counts
}

/** Elements in alphabetical order with counts, `Fe2 O3`; a count of one is not written. */
export const formulaOf = (species: readonly string[]): string =>
  [...composition(species)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([symbol, count]) => (count === 1 ? symbol : `${symbol}${count}`))
    .join(' ')
