const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eEdDqQ][+-]?\d+|[+-]\d{3})?$/

/** A Fortran or C number (`1.5D-03`, `-.5`, `1.0-100`); null for `*****`, `NaN`, an empty or any other text. Never a guess. */
export function toNumber(text: string | undefined): number | null {
  if (text === undefined) return null
  const decimal = decimalOf(text)
  if (decimal !== null) return decimal
  const word = text.trim()
  if (!NUMBER.test(word)) return null
  const plain = Number(word)
  if (Number.isFinite(plain)) return plain
  const number = Number(word.replace(/[dDqQ]/, 'e').replace(/(\d|\.)([+-]\d{3})$/, '$1e$2'))
  return Number.isFinite(number) ? number : null
}

/**
 * Decodes so many plain decimals (`-12.5`, as `toNumber` reads them), with blanks between and before, from an offset of a text on. Answers the
 * offset behind the last; −1 where a word is anything else: then words are to be cut out and looked at one by one.
 */
export function decimalsAt(text: string, from: number, to: number, into: number[] | Float64Array, count = 3): number {
  let at = from
  for (let i = 0; i < count; i += 1) {
    while (at < to && text.charCodeAt(at) === 32) at += 1
    const first = at < to ? text.charCodeAt(at) : 0
    if (first === 45 || first === 43) at += 1
    let digits = 0
    let mantissa = 0
    let point = -1
    for (; at < to; at += 1) {
      const code = text.charCodeAt(at)
      if (code >= 48 && code <= 57) {
        mantissa = mantissa * 10 + (code - 48)
        digits += 1
      } else if (code === 46 && point === -1) point = digits
      else if (code === 32) break
      else return -1
    }
    if (digits === 0 || digits > 15) return -1
    const value = point === -1 ? mantissa : mantissa / (POWERS[digits - point] ?? 1)
    into[i] = first === 45 ? -value : value
  }
  return at
}

/** Powers of ten that a double holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, n) => 10 ** n)

/**
 * `-12.5`, as nearly all are: at most 15 digits with at most one point and a sign before them; null for any other text. Both the digits and
 * the power of ten are exact, so one division rounds as `Number` does, at a third of its cost.
 */
function decimalOf(text: string): number | null {
  const first = text.charCodeAt(0)
  let at = first === 45 || first === 43 ? 1 : 0
  const length = text.length
  let digits = 0
  let mantissa = 0
  let point = -1
  for (; at < length; at += 1) {
    const code = text.charCodeAt(at)
    if (code >= 48 && code <= 57) {
      mantissa = mantissa * 10 + (code - 48)
      digits += 1
    } else if (code === 46 && point === -1) point = digits
    else return null
  }
  if (digits === 0 || digits > 15) return null
  const value = point === -1 ? mantissa : mantissa / (POWERS[digits - point] ?? 1)
  return first === 45 ? -value : value
}

/** Of the characters of Latin-1, those that `\s` means. */
export const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 160

/** The words of a text from one character on: what stands between blanks (spaces, tabs, carriage returns). */
export function wordsOf(text: string, from = 0): string[] {
  const words: string[] = []
  let start = -1
  for (let at = from; at <= text.length; at += 1) {
    const isWord = at < text.length && !isBlank(text.charCodeAt(at))
    if (isWord && start === -1) start = at
    else if (!isWord && start !== -1) {
      words.push(text.slice(start, at))
      start = -1
    }
  }
  return words
}

/** All numbers of a text that is nothing but numbers and white space; null if one of them is not a number. */
export function toNumbers(text: string): number[] | null {
  const numbers: number[] = []
  for (const word of text.trim().split(/\s+/)) {
    if (word === '') continue
    const number = toNumber(word)
    if (number === null) return null
    numbers.push(number)
  }
  return numbers
}

export const scaled = (value: number | null | undefined, factor: number): number | null =>
  value === null || value === undefined ? null : value * factor
