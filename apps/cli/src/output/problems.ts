import type { InputProblem } from '@crystalmath/contract'

/** Problems shown before the rest is only counted. */
const MOST = 40

type Kind = { readonly problem: InputProblem; readonly rows: number[] }

/** `row 3, resources.nodes = 900: more nodes than …; write at most 12`. Of many rows with one and the same mistake a single line. */
export function problemLines(problems: readonly InputProblem[]): readonly string[] {
  const kinds = new Map<string, Kind>()
  for (const { row, ...problem } of problems) {
    const key = JSON.stringify([problem.path, problem.value, problem.message, problem.mend])
    const kind: Kind = kinds.get(key) ?? { problem, rows: [] }
    kinds.set(key, kind)
    if (row !== undefined) kind.rows.push(row)
  }
  const lines = [...kinds.values()].map(({ problem, rows }) => formatProblem(problem, rows))
  const more = lines.length - MOST
  return more > 0 ? [...lines.slice(0, MOST), `… and ${more} more kinds; --json shows all`] : lines
}

/** What is wrong with rows that were left out, each under its row. */
export const skippedProblems = (
  skipped: readonly { readonly row: number; readonly errors: readonly InputProblem[] }[],
): readonly InputProblem[] => skipped.flatMap(({ row, errors }) => errors.map((problem) => ({ ...problem, row })))

function formatProblem({ path, value, message, mend }: InputProblem, rows: readonly number[]): string {
  const where = [rows.length === 0 ? '' : rowsInWords(rows), path].filter(Boolean).join(', ')
  const what = value === undefined ? '' : ` = ${value}`
  return `${where}${what}: ${message}${mend === undefined || mend === '' ? '' : `; ${mend}`}`
}

/** Ranges shown of one mistake. */
const MOST_RANGES = 8

/** `row 3`, `rows 0 to 23`, `rows 0, 4, 7 to 9 and 40 more`. */
function rowsInWords(rows: readonly number[]): string {
  const ranges: { first: number; last: number }[] = []
  for (const row of rows.toSorted((a, b) => a - b)) {
    const range = ranges.at(-1)
    if (range !== undefined && row <= range.last + 1) range.last = row
    else ranges.push({ first: row, last: row })
  }
  const shown = ranges.slice(0, MOST_RANGES)
  const left = ranges.slice(MOST_RANGES).reduce((sum, { first, last }) => sum + last - first + 1, 0)
  const words = shown.map(({ first, last }) => (first === last ? `${first}` : `${first} to ${last}`))
  return `${rows.length === 1 ? 'row' : 'rows'} ${words.join(', ')}${left > 0 ? ` and ${left} more` : ''}`
}
