import type { InputProblem } from '@crystalmath/contract'

/** A value as a problem shows it: JSON, shortened. */
export const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 100)

/** A problem below `parameters`. */
export const parameterProblem = (path: string, message: string, mend: string, value?: unknown): InputProblem => ({
  path: path === '' ? 'parameters' : `parameters.${path}`,
  ...(value === undefined ? {} : { value: shown(value) }),
  message,
  mend,
})

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Without the members that are undefined: they must not take the place of defaults. */
export const defined = (members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))

/** What a value must be and is not; null where it is right. */
export type Check = (value: unknown) => string | null

export const aNumber =
  ({ above, least, most }: { readonly above?: number; readonly least?: number; readonly most?: number } = {}): Check =>
  (value) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return 'a number'
    if (above !== undefined && value <= above) return `a number above ${above}`
    if (least !== undefined && value < least) return `a number of at least ${least}`
    return most !== undefined && value > most ? `a number of at most ${most}` : null
  }

export const aWholeNumber =
  (range: { readonly least?: number; readonly most?: number } = {}): Check =>
  (value) =>
    Number.isSafeInteger(value) ? (aNumber(range)(value)?.replace('a number', 'a whole number') ?? null) : 'a whole number'

export const aFlag: Check = (value) => (typeof value === 'boolean' ? null : 'true or false')

export const aText: Check = (value) => (typeof value === 'string' && !/[\r\n]/.test(value) ? null : 'a text of one line')

export const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    words.some((word) => word === value) ? null : `one of ${words.map((word) => `"${word}"`).join(', ')}`

export const aTriple =
  (member: Check): Check =>
  (value) => {
    const isTriple = Array.isArray(value) && value.length === 3
    const wrong = isTriple ? value.find((one) => member(one) !== null) : undefined
    return isTriple && value.every((one) => member(one) === null) ? null : `three of: ${member(wrong)}`
  }
