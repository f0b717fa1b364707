import type { InputProblem } from '@crystalmath/contract'
import { nearestWord } from '@crystalmath/structures'
import { parameterProblem } from './problems.ts'

/** What a keyword of a code's input takes. */
export type Keyword =
  | { readonly type: 'logical' }
  | { readonly type: 'integer' | 'real'; readonly least?: number; readonly most?: number; readonly above?: number }
  | { readonly type: 'text'; readonly values?: readonly string[] }

export type KeywordTable = Readonly<Record<string, Keyword>>

export const logical: Keyword = { type: 'logical' }
export const integer: Keyword = { type: 'integer' }
export const real: Keyword = { type: 'real' }
export const text: Keyword = { type: 'text' }
/** A number above zero. */
export const positive: Keyword = { type: 'real', above: 0 }
/** A number of zero or more. */
export const notNegative: Keyword = { type: 'real', least: 0 }
/** A whole number of one or more. */
export const count: Keyword = { type: 'integer', least: 1 }
/** A whole number of zero or more. */
export const index: Keyword = { type: 'integer', least: 0 }
export const choice = (...values: readonly string[]): Keyword => ({ type: 'text', values })

const rangeOf = ({ least, most, above }: { readonly least?: number; readonly most?: number; readonly above?: number }): string =>
  [
    above === undefined ? '' : ` above ${above}`,
    least === undefined ? '' : ` of at least ${least}`,
    most === undefined ? '' : ` of at most ${most}`,
  ].join('')

const numberFault = (keyword: Keyword & { readonly type: 'integer' | 'real' }, value: unknown): string | null => {
  const { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY, above = Number.NEGATIVE_INFINITY } = keyword
  const isRight = keyword.type === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value)
  const inRange = typeof value === 'number' && value >= least && value <= most && value > above
  return isRight && inRange ? null : `must be a ${keyword.type === 'integer' ? 'whole number' : 'number'}${rangeOf(keyword)}`
}

/** The allowed value that a text means, letter case ignored; null where it is none of them. */
export const allowedValue = (values: readonly string[], value: string): string | null =>
  values.find((one) => one === value) ?? values.find((one) => one.toLowerCase() === value.trim().toLowerCase()) ?? null

/** What is wrong with a keyword's value, with what helps; null where nothing is. */
export function valueProblem(path: string, keyword: Keyword, value: unknown): InputProblem | null {
  if (keyword.type === 'logical')
    return typeof value === 'boolean'
      ? null
      : parameterProblem(path, `${path} must be true or false`, 'write true or false', value)
  if (keyword.type === 'text') return textProblem(path, keyword.values, value)
  const fault = numberFault(keyword, value)
  if (fault === null) return null
  const unquoted = typeof value === 'string' && Number.isFinite(Number(value.replace(/[dD]/, 'e')))
  return parameterProblem(
    path,
    `${path} ${fault}`,
    unquoted ? 'write the number without quotes' : `write a number${rangeOf(keyword as { least?: number })}`,
    value,
  )
}

function textProblem(path: string, values: readonly string[] | undefined, value: unknown): InputProblem | null {
  if (typeof value !== 'string' || /[\r\n]/.test(value))
    return parameterProblem(path, `${path} must be a text of one line`, 'write it in quotes', value)
  if (values === undefined || allowedValue(values, value) !== null) return null
  const nearest = nearestWord(value, values)
  const list = values.map((one) => `"${one}"`).join(', ')
  return parameterProblem(
    path,
    `${path} does not know "${value.slice(0, 60)}"`,
    nearest === null ? `write one of ${list}` : `did you mean "${nearest}"? It may be ${list}`,
    value,
  )
}

/** Says of a word that a table does not have: where it belongs, or which one was meant. */
export function unknownKeyword(
  path: string,
  word: string,
  tables: Readonly<Record<string, KeywordTable>>,
  value: unknown,
): InputProblem {
  const home = Object.entries(tables).find(([, table]) => word in table)?.[0]
  if (home !== undefined) return parameterProblem(path, `${word} does not belong here`, `move it to parameters.${home}`, value)
  const names = Object.entries(tables).flatMap(([name, table]) => Object.keys(table).map((one) => ({ name, one })))
  const nearest = nearestWord(
    word,
    names.map(({ one }) => one),
  )
  const where = names.find(({ one }) => one === nearest)?.name
  return parameterProblem(
    path,
    `there is no keyword "${word.slice(0, 60)}"`,
    nearest === null ? 'check its spelling in the manual' : `did you mean ${where}.${nearest}?`,
    value,
  )
}
