/** Levenshtein distance with swaps of neighbours counted as one edit (optimal string alignment), case ignored. */
export function editDistance(left: string, right: string): number {
  const a = left.toLowerCase()
  const b = right.toLowerCase()
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min((row[j - 1] ?? 0) + 1, (previous[j] ?? 0) + 1, (previous[j - 1] ?? 0) + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1)
      row.push(best)
    }
    before = previous
    previous = row
  }
  return previous[b.length] ?? 0
}

/** The candidate that a misspelt word most probably means; null where even the nearest needs more edits than a third of the word (at least two). */
export function nearestWord(word: string, candidates: Iterable<string>): string | null {
  const limit = Math.max(word.length < 4 ? 1 : 2, Math.floor(word.length / 3))
  let nearest: string | null = null
  let least = limit + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= least) continue
    const distance = editDistance(word.slice(0, 100), candidate)
    if (distance < least) [nearest, least] = [candidate, distance]
  }
  return nearest
}
