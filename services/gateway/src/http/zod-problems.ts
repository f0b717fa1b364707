import type { InputProblem } from '@crystalmath/contract'
import { nearestWord } from '@crystalmath/structures'
import { z } from 'zod'

type Issue = z.core.$ZodIssue

/** Every issue of a schema as a problem with the value that was sent and what to write instead. */
export function problemsOf(error: z.ZodError, sent: unknown, schema: z.ZodType): readonly InputProblem[] {
  return error.issues.flatMap((issue) => toProblems(issue, { sent, schema, above: [] }))
}

type Place = { readonly sent: unknown; readonly schema: z.ZodType; readonly above: readonly PropertyKey[] }

function toProblems(issue: Issue, place: Place): readonly InputProblem[] {
  const path = [...place.above, ...issue.path]
  const value = valueAt(place.sent, path)
  if (issue.code === 'invalid_union' && issue.errors.length > 0 && value !== undefined) {
    const likeliest = [...issue.errors].sort((a, b) => distance(a) - distance(b))[0] ?? []
    return likeliest.flatMap((inner) => toProblems(inner, { ...place, above: path }))
  }
  if (issue.code === 'unrecognized_keys') {
    const known = fieldsAt(place.schema, path)
    return issue.keys.map((key) => unknownField([...path, key], valueAt(place.sent, [...path, key]), known))
  }
  if (value === undefined) return [{ path: formatPath(path), message: 'is missing', ...missing(issue) }]
  return [{ path: formatPath(path), value: shorten(value), ...wrong(issue, value) }]
}

/** The alternative that was meant has the fewest faults; a wrong type at its very top means that it was not meant. */
const distance = (issues: readonly Issue[]): number =>
  issues.reduce(
    (sum, issue) =>
      sum +
      (issue.path.length === 0 && issue.code === 'invalid_type' ? 100 : 0) +
      (issue.code === 'unrecognized_keys' ? issue.keys.length : 1),
    0,
  )

function unknownField(path: readonly PropertyKey[], value: unknown, known: readonly string[]): InputProblem {
  const nearest = nearestWord(String(path.at(-1)), known)
  const mend =
    nearest !== null ? `did you mean ${nearest}?` : known.length > 0 ? `remove it; there are: ${known.join(', ')}` : 'remove it'
  return { path: formatPath(path), value: shorten(value), message: 'no such field', mend }
}

function missing(issue: Issue): { readonly mend: string } {
  if (issue.code === 'invalid_type') return { mend: `give ${named(issue.expected)}` }
  if (issue.code === 'invalid_value') return { mend: `one of: ${issue.values.map(String).join(', ')}` }
  return { mend: 'give it' }
}

/** What is wrong with a value, and what to write instead. */
function wrong(issue: Issue, value: unknown): { readonly message: string; readonly mend: string } {
  switch (issue.code) {
    case 'invalid_type':
      return { message: `is ${kindOf(value)}, not ${named(issue.expected)}`, mend: `give ${named(issue.expected)}` }
    case 'invalid_value': {
      const words = issue.values.map(String)
      const nearest = typeof value === 'string' ? nearestWord(value, words) : null
      return {
        message: 'is none of the words for it',
        mend: `${nearest === null ? '' : `did you mean ${nearest}? `}one of: ${words.join(', ')}`,
      }
    }
    case 'too_small':
      return {
        message: `is too ${sizeWord(issue.origin, false)}`,
        mend: `at least ${issue.minimum}${unitOf(issue.origin, Number(issue.minimum))}`,
      }
    case 'too_big':
      return {
        message: `is too ${sizeWord(issue.origin, true)}`,
        mend: `at most ${issue.maximum}${unitOf(issue.origin, Number(issue.maximum))}`,
      }
    case 'invalid_format':
      return { message: 'is not of the form that it must have', mend: FORMATS[issue.format] ?? issue.message }
    default:
      return { message: issue.message.charAt(0).toLowerCase() + issue.message.slice(1), mend: 'see /openapi.json' }
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'give an id as the platform made it',
  datetime: 'write a time like 2026-11-21T12:00:00Z',
  date: 'write a day like 2026-11-21',
}

const sizeWord = (origin: string, isBig: boolean): string =>
  origin === 'string' || origin === 'array' ? (isBig ? 'long' : 'short') : isBig ? 'large' : 'small'

const unitOf = (origin: string, count: number): string =>
  origin === 'string' ? ` character${count === 1 ? '' : 's'}` : origin === 'array' ? ` entr${count === 1 ? 'y' : 'ies'}` : ''

const NAMES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  array: 'a list',
  record: 'an object',
  object: 'an object',
  tuple: 'a list',
}
const named = (word: string): string => NAMES[word] ?? `a ${word}`

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'number')
    return Number.isInteger(value) ? 'a whole number' : Number.isFinite(value) ? 'a number with a fraction' : 'no finite number'
  return named(Array.isArray(value) ? 'array' : typeof value)
}

/** Names of the fields that a schema has at a path; none where it is no object. */
function fieldsAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let at = unwrapped(schema)
  for (const key of path) {
    const inner = at instanceof z.ZodObject ? at.shape[String(key)] : at instanceof z.ZodArray ? at.element : undefined
    if (inner === undefined) return []
    at = unwrapped(inner as z.ZodType)
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : []
}

function unwrapped(schema: z.ZodType): z.ZodType {
  const isWrapper =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable
  return isWrapper ? unwrapped(schema.unwrap() as z.ZodType) : schema
}

/** `jobs[3].resources.nodes`. */
export const formatPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  )

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at: unknown = value
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    at = (at as Record<PropertyKey, unknown>)[key]
  }
  return at
}

/** A value as somebody sent it, at most 120 characters. */
export function shorten(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined')
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}
