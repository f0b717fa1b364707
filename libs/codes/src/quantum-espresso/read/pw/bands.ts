import type { Vector3 } from '@crystalmath/contract'
import { toNumber } from '../../../reading/numbers.ts'
import type { Beginnings, Eater } from '../line-reader.ts'
import { vectorOf } from '../units.ts'
import type { PrintedBands, PwState } from './state.ts'

/** Eigenvalues at the end of each calculation. Only their text is kept; it is read when a block ends or the file does. */
export const bandBeginnings: Beginnings<PwState> = [
  ['End of self-consistent calculation', (_, state) => forget(state)],
  ['End of band structure calculation', (_, state) => forget(state)],
  [
    '------ SPIN UP',
    (_, state) => {
      state.spin = 0
    },
  ],
  [
    '------ SPIN DOWN',
    (_, state) => {
      state.spin = 1
    },
  ],
  ['k =', (line, state) => kPoint(line, state)],
  ['occupation numbers', (_, state) => occupations(state)],
]

function forget(state: PwState): undefined {
  state.spin = 0
  if (state.scf !== null) state.scf.bands = []
}

const IS_NUMBERS = /^[\s\d.*-]+$/

function kPoint(line: string, { scf, spin }: PwState): Eater | undefined {
  if (scf === null || !/band(?:s| energies) \(ev\)/.test(line)) return undefined
  const point: PrintedBands = { spin, k: kOf(line), rows: [], energiesEv: null, occupationRows: [], occupations: null }
  scf.bands.push(point)
  return rowsInto(point, 'rows')
}

/** `k =-0.1250 0.1250-0.3750`: three fields of seven characters without blanks between. */
function kOf(line: string): Vector3 | null {
  const numbers = line.slice(line.indexOf('=') + 1).match(/-?\d{1,12}\.\d{4}/g) ?? []
  return vectorOf(numbers.slice(0, 3).map(toNumber))
}

function occupations({ scf, full }: PwState): Eater | undefined {
  const point = scf?.bands.at(-1)
  if (!full || point === undefined) return undefined
  return rowsInto(point, 'occupationRows')
}

/** Rows of numbers with blank lines around. Where a block ended in between, what is read already is added to. */
function rowsInto(point: PrintedBands, key: 'rows' | 'occupationRows'): Eater {
  let started = false
  return (line) => {
    if (line.trim() === '') return !started
    if (!IS_NUMBERS.test(line)) return false
    started = true
    point[key].push(line)
    return true
  }
}

/** Reads the text that still holds on to its block. */
export function readPrinted(state: PwState): void {
  for (const point of state.scf?.bands ?? []) {
    if (point.rows.length > 0) {
      point.energiesEv = [...(point.energiesEv ?? []), ...point.rows.flatMap(fields)]
      point.rows = []
    }
    if (point.occupationRows.length > 0) {
      point.occupations = [...(point.occupations ?? []), ...point.occupationRows.flatMap(fields)]
      point.occupationRows = []
    }
  }
}

/** Fields of nine characters; four decimals tell where one ends and the next begins. */
const fields = (row: string): (number | null)[] => (row.match(/-?\d{1,12}\.\d{4}|\*+/g) ?? []).map(toNumber)
