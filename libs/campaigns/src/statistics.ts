import type { Spread } from '@crystalmath/contract'

/** The middle one, or the mean of the two in the middle; null of nothing. The values must be sorted. */
export function median(sorted: readonly number[]): number | null {
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? null : low / 2 + high / 2
}

/** Count, mean, median, least and largest of the numbers that are there; nulls everywhere of none. */
export function statisticsOf(values: readonly (number | null)[]): Spread {
  const sorted = values.filter((value): value is number => value !== null && Number.isFinite(value)).toSorted((a, b) => a - b)
  const count = sorted.length
  const sum = sorted.reduce((total, value) => total + value, 0)
  return {
    count,
    mean: count === 0 ? null : sum / count,
    median: median(sorted),
    min: sorted[0] ?? null,
    max: sorted.at(-1) ?? null,
  }
}
