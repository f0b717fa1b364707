import { requiredTexts } from './required-texts.ts'

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

/** How usual each letter is, by its code; what is no letter is the rarest. */
const USUAL = new Uint8Array(128)
for (let place = 0; place < FREQUENT.length; place += 1) USUAL[FREQUENT.charCodeAt(place)] = FREQUENT.length - place

/**
 * Tells by a look at every third character whether one of many texts may stand between two offsets of a block; a no is certain. An
 * alternation of a hundred texts looks at each character for each of them. Throws for a text that is too short to be found so.
 */
export function mayHold(texts: readonly string[]): (block: string, from: number, to: number) => boolean {
  const short = texts.find(({ length }) => length < SHORTEST)
  if (short !== undefined) throw new Error(`"${short}" has fewer than ${SHORTEST} characters`)
  let marks: Uint8Array | null = null // for a small file, to make it is a good part of the work
  return (block, from, to) => {
    marks ??= marksOf(texts)
    for (let at = from; at + WINDOW <= to; at += STRIDE) if (marks[keyAt(block, at)] === 1) return true
    return false
  }
}

/** Tells texts in which none of the patterns can match, for a fraction of what they cost; null where one assures of no text. */
export function mayMatch(patterns: readonly RegExp[]): ReturnType<typeof mayHold> | null {
  const texts = patterns.map(({ source }) => requiredTexts(source))
  return texts.includes(null) ? null : mayHold(texts.flatMap((some) => some ?? []))
}

function marksOf(texts: readonly string[]): Uint8Array {
  const marks = new Uint8Array(SIZE)
  for (const text of texts) {
    const start = rarest(text)
    for (let at = start; at < start + STRIDE; at += 1) marks[keyAt(text, at)] = 1
  }
  return marks
}

/** Where the least usual stretch of a text begins. */
function rarest(text: string): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY]
  let sum = 0
  for (let end = 0; end < text.length; end += 1) {
    sum += USUAL[text.charCodeAt(end)] ?? 0
    const start = end - SHORTEST + 1
    if (start < 0) continue
    if (sum < least) [best, least] = [start, sum]
    sum -= USUAL[text.charCodeAt(start)] ?? 0
  }
  return best
}
