import type { Matrix3, Vector3 } from '@crystalmath/contract'
import { toNumber } from '../../../reading/numbers.ts'
import { vectorOf } from '../units.ts'
import type { Element } from './scanner.ts'

export const numberOf = ({ text }: Element): number | null => toNumber(text)

/** A count; null for what is none. */
export function countOf({ text }: Element): number | null {
  const count = toNumber(text)
  return Number.isSafeInteger(count) ? count : null
}

/** `true`, `.TRUE.`, `T` and their opposites; null for other words. */
export function flagOf({ text }: Element): boolean | null {
  const word = text.trim().replaceAll('.', '').toLowerCase()
  return word === 'true' || word === 't' ? true : word === 'false' || word === 'f' ? false : null
}

export const wordOf = ({ text }: Element): string | null => (text.trim() === '' ? null : text.trim().slice(0, 200))

/** All numbers of a text; null where one of them is none (`****`). */
export function numbersOf(text: string): number[] | null {
  const numbers: number[] = []
  for (const word of text.trim().split(/\s+/)) {
    if (word === '') continue
    const quick = Number(word)
    const number = Number.isFinite(quick) ? quick : toNumber(word)
    if (number === null) return null
    numbers.push(number)
  }
  return numbers
}

export const vectorIn = (text: string): Vector3 | null => {
  const numbers = numbersOf(text)
  return numbers === null || numbers.length !== 3 ? null : vectorOf(numbers)
}

/** Rows of three; null where their number is not a multiple of three. */
export function vectorsIn(text: string): Vector3[] | null {
  const numbers = numbersOf(text)
  if (numbers === null || numbers.length % 3 !== 0) return null
  const rows: Vector3[] = []
  for (let i = 0; i < numbers.length; i += 3) rows.push([numbers[i] ?? 0, numbers[i + 1] ?? 0, numbers[i + 2] ?? 0])
  return rows
}

export const matrixIn = (text: string): Matrix3 | null => {
  const [a, b, c, more] = vectorsIn(text) ?? []
  return a !== undefined && b !== undefined && c !== undefined && more === undefined ? [a, b, c] : null
}
