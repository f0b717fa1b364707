import { type Diagnosis, EV_PER_HARTREE, EV_PER_RYDBERG } from '@crystalmath/contract/plain'
import { detached, eachLine } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { notesOf } from '../../reading/sections.ts'

export type TransportReading = {
  readonly content: 'trace' | 'condtens' | 'halltens' | null
  /** eV per unit of the first column; null where the header does not say it. */
  readonly energyUnit: number | null
  /** Conductivities are per relaxation time, or per mean free path (`uniform_lambda`), or absolute (`custom_tau`). */
  readonly per: 'tau' | 'lambda' | 'none'
  readonly rows: readonly (readonly number[])[]
  readonly whole: boolean
  readonly diagnoses: readonly Diagnosis[]
}

const MAX_ROWS = 2_000_000
/** Numbers in a row: chemical potential, temperature, carriers, then 7 scalars, 3 tensors, or one tensor of third rank. */
const WIDTHS: Readonly<Record<number, 'trace' | 'condtens' | 'halltens'>> = { 10: 'trace', 30: 'condtens' }

/** Reads `.trace`, `.condtens` and `.halltens` of BoltzTraP and BoltzTraP2: a header line, then rows of numbers. A torn last row is left out. */
export function transport(file: string) {
  const notes = notesOf(file)
  const rows: number[][] = []
  let header = ''
  let whole = true
  let last = { line: 1, text: '' }

  function line(text: string, number: number): void {
    if (text.trim() === '' || rows.length >= MAX_ROWS) return
    if (/^ *#/.test(text) || /[Ee]f\b/.test(text)) {
      if (header === '') header = detached(text)
      return
    }
    last = { line: number, text: detached(text.slice(0, 300)) }
    const words = text.trim().split(/\s+/)
    const row = words.map(toNumber)
    const width = rows[0]?.length ?? row.length
    if (row.length !== width || row.some((value) => value === null)) {
      notes.diagnose('OUTPUT_UNREADABLE', `a row of transport coefficients cannot be read: "${text.trim().slice(0, 80)}"`, {
        line: number,
        text,
      })
      return
    }
    rows.push(row as number[])
  }

  return {
    feed(block: string, firstLine: number) {
      const end = block.lastIndexOf('\n') + 1
      if (end < block.length) whole = false
      eachLine(block.slice(0, end), firstLine, line)
    },
    end(): TransportReading {
      if (!whole || rows.length === 0)
        notes.diagnose('OUTPUT_INCOMPLETE', rows.length === 0 ? 'the table has no rows' : 'the table ends in mid-row', last)
      const content = /\.halltens/.test(file) ? 'halltens' : (WIDTHS[rows[0]?.length ?? 0] ?? null)
      return { content, energyUnit: unitOf(header), per: perOf(header), rows, whole, diagnoses: notes.diagnoses }
    },
  }
}

/** BoltzTraP has always written rydbergs; BoltzTraP2 says so, its offspring write electronvolts. */
function unitOf(header: string): number | null {
  if (/\[eV\]/i.test(header)) return 1
  if (/\[Ha\]/.test(header)) return EV_PER_HARTREE
  return /\[Ry\]/.test(header) ? EV_PER_RYDBERG : null
}

const perOf = (header: string): TransportReading['per'] =>
  /lambda0/.test(header) ? 'lambda' : /sigma\[/.test(header) ? 'none' : 'tau'
