import type { CodeFacts, Sample } from '../code-reads.ts'
import { toNumber } from '../reading/numbers.ts'

type Kind = 'report' | 'log' | 'table'

const LOG_LINE = /^ *<(?:---|[\d a-z-]+)> (?:P\d+(?:-\w+)?: )?\[\d+\]/m

/** By content; `r-*`, `l-*` and `o-*` are habits that a user may change. */
function kindOf({ name, head }: Sample): Kind | null {
  if (LOG_LINE.test(head)) return 'log'
  if (!/yambo-code\.org|\bYAMBO\b|\byambo @/.test(head)) return null
  if (/^\s*#/.test(head)) return isTable(head) ? 'table' : null
  if (/Version +\d+\.\d+\.\d+/.test(head) && /CPU structure|Cores +:|CORE Variables|Files & I\/O/.test(head)) return 'report'
  return /^r[-_]/.test(name) ? 'report' : null
}

/** An input begins with comments too, but goes on with words; a table with numbers, or with nothing. */
function isTable(head: string): boolean {
  const row = /^[ \t]*[^#\s].*$/m.exec(head)?.[0]
  return (
    row === undefined ||
    row
      .trim()
      .split(/\s+/)
      .every((word) => toNumber(word) !== null || /^\*+$|^NaN$/i.test(word))
  )
}

/** Which file of this code is which. */
export const yamboFacts: CodeFacts<Kind> = {
  code: 'yambo',
  recognise: kindOf,
  mainKinds: ['report', 'log', 'table'],
}
