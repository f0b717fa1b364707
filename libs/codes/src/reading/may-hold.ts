/** Windows of so many characters are looked at, … */
const WINDOW = 4
/** … each so many after the last. */
const STRIDE = 3
/** The shortest text that such looks cannot miss. */
const SHORTEST = WINDOW + STRIDE - 1
const SIZE = 1 << 16

/** Letters by how often words have them, the most frequent first. */
const FREQUENT = ' etaoinsrhldcumfpgwybvkxjqz'

const keyAt = (text: string, at: number): number =>
  (((text.charCodeAt(at) * 31 + text.charCodeAt(at + 1)) * 31 + text.charCodeAt(at + 2)) * 31 + text.charCodeAt(at + 3)) &
  (SIZE - 1)

/**
 * Tells by a look at every third character whether one of many texts may stand between two offsets of a block; a no is certain. An
 * alternation of a hundred texts looks at each character for each of them. Throws for a text that is too short to be found so.
 */
export function mayHold(texts: readonly string[]): (block: string, from: number, to: number) => boolean {
  const marks = new Uint8Array(SIZE)
  for (const text of texts) {
    if (text.length < SHORTEST) throw new Error(`"${text}" has fewer than ${SHORTEST} characters`)
    const start = rarest(text)
    for (let at = start; at < start + STRIDE; at += 1) marks[keyAt(text, at)] = 1
  }
  return (block, from, to) => {
    for (let at = from; at + WINDOW <= to; at += STRIDE) if (marks[keyAt(block, at)] === 1) return true
    return false
  }
}

/** Where the least usual stretch of a text begins. */
function rarest(text: string): number {
  const usual = Array.from(text, (letter) => FREQUENT.length - (FREQUENT.indexOf(letter) + 1 || FREQUENT.length))
  const sums = usual.slice(SHORTEST - 1).map((_, i) => usual.slice(i, i + SHORTEST).reduce((a, b) => a + b, 0))
  return sums.indexOf(Math.min(...sums))
}
