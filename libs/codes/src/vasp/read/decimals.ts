import { toNumber } from '../../reading/numbers.ts'

const POWERS = Array.from({ length: 23 }, (_, n) => 10 ** n)
const SPACE = 32
const PLUS = 43
const MINUS = 45
const DOT = 46
const ZERO = 48

/** Ends of a word: space, tab, CR, LF, and what may glue two fixed-width numbers together (a sign after a digit). */
function wordEnd(text: string, from: number, to: number): number {
  let at = from + 1
  for (; at < to; at += 1) {
    const code = text.charCodeAt(at)
    if (code <= SPACE) break
    if (code === MINUS || code === PLUS) {
      const before = text.charCodeAt(at - 1)
      if (before >= ZERO && before <= ZERO + 9) break
    }
  }
  return at
}

/**
 * Decodes the numbers between two offsets into `into` and says how many there were; NaN for a word that is no number.
 * As `toNumber` but without slices: 15 digits and 22 decimals are exact, longer words take the slow way.
 */
export function decodeNumbers(text: string, from: number, to: number, into: Float64Array | number[]): number {
  let count = 0
  let at = from
  while (at < to) {
    let code = text.charCodeAt(at)
    if (code <= SPACE) {
      at += 1
      continue
    }
    const start = at
    const negative = code === MINUS
    if (negative || code === PLUS) {
      at += 1
      code = at < to ? text.charCodeAt(at) : 0
    }
    let mantissa = 0
    let digits = 0
    let point = -1
    for (; at < to; code = text.charCodeAt(at)) {
      if (code >= ZERO && code <= ZERO + 9) {
        mantissa = mantissa * 10 + (code - ZERO)
        digits += 1
      } else if (code === DOT && point === -1) point = digits
      else break
      at += 1
      if (at === to) break
    }
    const clean = digits > 0 && digits <= 15 && (at === to || text.charCodeAt(at) <= SPACE || glued(text, at))
    let value: number
    if (clean) {
      value = point === -1 ? mantissa : mantissa / (POWERS[digits - point] ?? 1)
      if (negative) value = -value
    } else {
      at = exponentEnd(text, start, to)
      value = toNumber(text.slice(start, at)) ?? Number.NaN
    }
    into[count] = value
    count += 1
  }
  return count
}

const glued = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  return code === MINUS && text.charCodeAt(at - 1) !== DOT
}

/** A word with an exponent keeps the sign of its exponent. */
function exponentEnd(text: string, start: number, to: number): number {
  const end = wordEnd(text, start, to)
  if (end >= to || text.charCodeAt(end) <= SPACE) return end
  const longer = wordEnd(text, end, to)
  return toNumber(text.slice(start, end)) === null && toNumber(text.slice(start, longer)) !== null ? longer : end
}

const words = new Float64Array(64)

/** The first three numbers of a text as a vector; null if there are fewer or one is unreadable. */
export function toVector(text: string, from = 0, to = text.length): [number, number, number] | null {
  const count = to - from > 512 ? 0 : decodeNumbers(text, from, to, words)
  const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = words
  return count >= 3 && !Number.isNaN(x + y + z) ? [x, y, z] : null
}
