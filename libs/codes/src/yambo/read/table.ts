import type { Diagnosis } from '@crystalmath/contract'
import { detached, eachLine } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { notesOf } from '../../reading/sections.ts'

export type TableReading = {
  /** `qp`, `hf`, `eps`, `eel`, `exc` …: the end of the name, lower case. */
  readonly content: string
  readonly version: string | null
  /** Column names without units: `K-point`, `Eo`, `E-Eo`, `EPS-Im`. */
  readonly columns: readonly string[]
  /** Units of the columns as printed, `''` where none is. */
  readonly units: readonly string[]
  readonly rows: readonly (readonly (number | null)[])[]
  /** The comments after the table were there. */
  readonly complete: boolean
  readonly diagnoses: readonly Diagnosis[]
}

const MAX_ROWS = 2_000_000

/** Reads an `o-*` file: comments with `#`, a header line of column names, rows of numbers. A torn last row is left out. */
export function table(file: string) {
  const notes = notesOf(file)
  const rows: (number | null)[][] = []
  let version: string | null = null
  let header = ''
  let complete = false
  const content = contentOf(file)

  function line(text: string, number: number): void {
    if (text.startsWith('#') || text.trim().startsWith('#')) {
      version ??= detached(/Version +(\d+\.\d+\.\d+)/.exec(text)?.[1] ?? '') || null
      if (rows.length > 0) complete = true
      else if (/[A-Za-z]/.test(text)) header = detached(text)
      return
    }
    const words = text.trim().split(/\s+/)
    if (words[0] === '' || rows.length >= MAX_ROWS) return
    const values = words.map(toNumber)
    if (values.every((value) => value === null)) return
    if (values.some((value) => value === null))
      notes.diagnose('OUTPUT_UNREADABLE', `a row holds what is not a number: "${text.trim()}"`, { line: number, text })
    rows.push(values)
  }

  return {
    feed(block: string, firstLine: number) {
      eachLine(block.slice(0, block.lastIndexOf('\n') + 1), firstLine, line)
    },
    end(): TableReading {
      const { columns, units } = columnsOf(header, rows[0]?.length ?? 0)
      return { content, version, columns, units, rows, complete, diagnoses: notes.diagnoses }
    },
  }
}

/** `o-3D_BSE.eps_q1_diago_bse` → `eps`. */
const contentOf = (file: string): string => (/\.([A-Za-z]+)[^./]*$/.exec(file)?.[1] ?? '').toLowerCase()

/** `E/ev[1]`, `EPS-Im[2]`, `E[1] [eV]`, `Im(eps)`: two or more blanks part the names, a unit in brackets follows its name. */
export function columnsOf(header: string, count: number): { columns: string[]; units: string[] } {
  const names = header
    .replace(/^[ #]+/, '')
    .replace(/\[\d+\]/g, '')
    .replace(/ {1,80}\[/g, '[')
    .replace(/ +\(/g, '(')
    .trim()
    .split(/\s+/)
  const columns = names.map((name) => name.replace(/\[[^\]]*\]|\/e?v$/gi, ''))
  const units = names.map((name) => /\[([^\]]+)\]/.exec(name)?.[1] ?? (/\/ev$/i.test(name) ? 'eV' : ''))
  return columns.length === count ? { columns, units } : { columns: [], units: [] }
}

/** The index of the first column of one of these names, -1 if there is none. */
export const columnOf = ({ columns }: TableReading, ...names: readonly string[]): number =>
  columns.findIndex((column) => names.some((name) => name.toLowerCase() === column.toLowerCase()))
