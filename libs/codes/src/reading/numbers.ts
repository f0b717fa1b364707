const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eEdDqQ][+-]?\d+|[+-]\d{3})?$/

/** A Fortran or C number (`1.5D-03`, `-.5`, `1.0-100`); null for `*****`, `NaN`, an empty or any other text. Never a guess. */
export function toNumber(text: string | undefined): number | null {
  if (text === undefined) return null
  const word = text.trim()
  if (!NUMBER.test(word)) return null
  const plain = Number(word)
  if (Number.isFinite(plain)) return plain
  const number = Number(word.replace(/[dDqQ]/, 'e').replace(/(\d|\.)([+-]\d{3})$/, '$1e$2'))
  return Number.isFinite(number) ? number : null
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
