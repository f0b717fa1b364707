const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eEdDqQ][+-]?\d+|[+-]\d{3})?$/

/** A Fortran or C number (`1.5D-03`, `-.5`, `1.0-100`); null for `*****`, `NaN`, an empty or any other text. Never a guess. */
export function toNumber(text: string | undefined): number | null {
  if (text === undefined) return null
  if (isDecimal(text)) return Number(text)
  const word = text.trim()
  if (!NUMBER.test(word)) return null
  const plain = Number(word)
  if (Number.isFinite(plain)) return plain
  const number = Number(word.replace(/[dDqQ]/, 'e').replace(/(\d|\.)([+-]\d{3})$/, '$1e$2'))
  return Number.isFinite(number) ? number : null
}

/** `-12.5`, as nearly all are: digits with at most one point and a sign before them. A look at each character costs a fifth of a pattern. */
function isDecimal(text: string): boolean {
  const first = text.charCodeAt(0)
  let at = first === 45 || first === 43 ? 1 : 0
  let digits = 0
  let points = 0
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code >= 48 && code <= 57) digits += 1
    else if (code === 46) points += 1
    else return false
  }
  return digits > 0 && digits < 300 && points <= 1
}

const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 160

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
