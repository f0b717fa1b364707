import Table from 'cli-table3'
import { config } from '../config.ts'

type Cell = string | number

/** No lines but the one below the head: fits a terminal, and `grep` and `awk` too. */
const PLAIN = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const

/** A table for people. Columns whose name begins with `>` are numbers, aligned right. */
export function formatTable(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const table = new Table({
    head: columns.map((name) => name.replace(/^>/, '').toUpperCase()),
    colAligns: columns.map((name) => (name.startsWith('>') ? 'right' : 'left')),
    chars: { ...PLAIN },
    style: { 'padding-left': 0, 'padding-right': 0, head: config.colour() ? ['bold'] : [], border: [], compact: true },
  })
  table.push(...rows.map((row) => [...row]))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

/** Name and value, one per line; empty values are left out. */
export const formatFacts = (facts: readonly (readonly [string, string | null | undefined])[]): string => {
  const shown = facts.filter(
    (fact): fact is readonly [string, string] => fact[1] !== null && fact[1] !== undefined && fact[1] !== '',
  )
  const width = Math.max(0, ...shown.map(([name]) => name.length))
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')
}
