import { commentFields } from '@crystalmath/structures'
import { type CsvRecord, openCsv } from './csv.ts'
import { openFrames } from './frames.ts'
import { openLines } from './lines.ts'

/** `jsonl`: one object per line. */
export type TableFormat = 'csv' | 'extxyz' | 'jsonl'

/** One row of a table: its number from 0, and what stands in it by column. */
export type TableRow = {
  readonly row: number
  /** Line of the file that it begins on, from 1. */
  readonly line: number
  readonly cells: Readonly<Record<string, unknown>>
  /** Why it cannot be read. */
  readonly problem?: string
}

/** A table that comes piece by piece. */
export type Table = {
  push(text: string): readonly TableRow[]
  end(): readonly TableRow[]
}

/** The column that the structure of an extended-XYZ frame is given in. */
const FRAME_COLUMN = 'structure'

/** What a frame's comment says of the geometry itself is no column. */
const OF_THE_GEOMETRY = new Set(['Lattice', 'lattice', 'Properties', 'properties', 'pbc'])

/** Reads rows of a table as they come; `row` counts from 0, headers and empty lines not counted. */
export function openTable(format: TableFormat): Table {
  let next = 0
  const number = (row: Omit<TableRow, 'row'>): TableRow => ({ row: next++, ...row })
  const over = <T>(
    reader: { push(text: string): readonly T[]; end(): readonly T[] },
    read: (item: T) => Omit<TableRow, 'row'> | null,
  ): Table => {
    const all = (items: readonly T[]) => items.map(read).flatMap((row) => (row === null ? [] : [number(row)]))
    return { push: (text) => all(reader.push(text)), end: () => all(reader.end()) }
  }
  switch (format) {
    case 'csv':
      return over(openCsv(), csvRows())
    case 'extxyz':
      return over(openFrames(), ({ line, text, comment, problem }) => ({
        line,
        cells: { ...commentCells(comment), [FRAME_COLUMN]: { format: 'extxyz', text } },
        ...(problem === undefined ? {} : { problem }),
      }))
    case 'jsonl':
      return over(openLines(), ({ number: line, text }) => (text.trim() === '' ? null : jsonRow(line, text)))
  }
}

function csvRows(): (record: CsvRecord) => Omit<TableRow, 'row'> | null {
  let header: readonly string[] | null = null
  return ({ line, cells, problem }) => {
    if (header === null) {
      header = cells.map((name, index) => (name.trim() === '' ? `column_${index}` : name.trim()))
      const twice = header.find((name, index) => header?.indexOf(name) !== index)
      if (twice !== undefined) throw new RangeError(`the header has two columns "${twice}"; give each a name of its own`)
      return null
    }
    const [wanted, found] = [header.length, cells.length]
    const ragged = found === wanted ? undefined : `line ${line}: ${found} cells for ${wanted} columns`
    const why = problem ?? ragged
    const named = Object.fromEntries(header.map((name, index) => [name, cells[index] ?? '']))
    return { line, cells: named, ...(why === undefined ? {} : { problem: why }) }
  }
}

const commentCells = (comment: string): Record<string, string> =>
  Object.fromEntries([...commentFields(comment)].filter(([name]) => !OF_THE_GEOMETRY.has(name)))

function jsonRow(line: number, text: string): Omit<TableRow, 'row'> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { line, cells: value as Record<string, unknown> }
    return { line, cells: {}, problem: `line ${line}: not an object but ${text.slice(0, 40)}` }
  } catch (error) {
    return { line, cells: {}, problem: `line ${line}: not JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
}
