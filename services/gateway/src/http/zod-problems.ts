import type { InputProblem } from '@crystalmath/contract'
import { nearestWord } from '@crystalmath/structures'
import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/** Every issue of a schema as a problem with the value that was sent and what to write instead. */
export function problemsOf(error: z.ZodError, sent: unknown, row?: number): readonly InputProblem[] {
  return error.issues
    .flatMap((issue) => toProblems(issue, sent, []))
    .map((problem) => (row === undefined ? problem : { row, ...problem }))
}

function toProblems(issue: Issue, sent: unknown, above: readonly PropertyKey[]): readonly InputProblem[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const likeliest = [...issue.errors].sort((a, b) => distance(a) - distance(b))[0] ?? []
    return likeliest.flatMap((inner) => toProblems(inner, sent, path))
  }
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], sent))
  const value = valueAt(sent, path)
  const isMissing = value === undefined
  return [
    {
      path: formatPath(path),
      ...(isMissing ? {} : { value: shorten(value) }),
      message: isMissing && issue.code === 'invalid_type' ? 'is missing' : lowerFirst(issue.message),
      ...mendOf(issue, value),
    },
  ]
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

function unknownKey(path: readonly PropertyKey[], sent: unknown): InputProblem {
  return {
    path: formatPath(path),
    value: shorten(valueAt(sent, path)),
    message: 'no such field',
    mend: 'remove it, or look the name up in /openapi.json',
  }
}

function mendOf(issue: Issue, value: unknown): { readonly mend?: string } {
  switch (issue.code) {
    case 'invalid_type':
      return { mend: `give ${articled(issue.expected)}` }
    case 'invalid_value': {
      const words = issue.values.map(String)
      const nearest = typeof value === 'string' ? nearestWord(value, words) : null
      return { mend: `${nearest === null ? '' : `did you mean ${nearest}? `}one of: ${words.join(', ')}` }
    }
    case 'too_small':
      return { mend: `at least ${issue.minimum}${unitOf(issue.origin)}` }
    case 'too_big':
      return { mend: `at most ${issue.maximum}${unitOf(issue.origin)}` }
    case 'invalid_format':
      return issue.format === 'uuid'
        ? { mend: 'give an id as the platform made it' }
        : issue.format === 'datetime'
          ? { mend: 'write 2026-11-21T12:00:00Z' }
          : {}
    default:
      return {}
  }
}

const unitOf = (origin: string): string => (origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '')

const articled = (word: string): string =>
  `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word === 'int' ? 'whole number' : word === 'record' ? 'object' : word}`

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

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
