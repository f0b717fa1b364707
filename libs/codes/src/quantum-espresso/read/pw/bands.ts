import type { Vector3 } from '@crystalmath/contract'
import { isBlank, toNumber } from '../../../reading/numbers.ts'
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

/** Text that waits is at most this long: what one SCF prints beyond is read as it comes. */
const MAX_WAITING = 8 << 20

function kPoint(line: string, state: PwState): Eater | undefined {
  const { scf, spin } = state
  if (scf === null || !/band(?:s| energies) \(ev\)/.test(line)) return undefined
  const point: PrintedBands = { spin, k: kOf(line), rows: [], energiesEv: null, occupationRows: [], occupations: null }
  scf.bands.push(point)
  return rowsInto(state, point, 'rows')
}

/** `k =-0.1250 0.1250-0.3750`: three fields of seven characters without blanks between. */
function kOf(line: string): Vector3 | null {
  const numbers = line.slice(line.indexOf('=') + 1).match(/-?\d{1,12}\.\d{4}/g) ?? []
  return vectorOf(numbers.slice(0, 3).map(toNumber))
}

function occupations(state: PwState): Eater | undefined {
  const point = state.scf?.bands.at(-1)
  if (!state.full || point === undefined) return undefined
  return rowsInto(state, point, 'occupationRows')
}

/** Rows of numbers with blank lines around. Where they were read in between, what is read already is added to. */
function rowsInto(state: PwState, point: PrintedBands, key: 'rows' | 'occupationRows'): Eater {
  let started = false
  return {
    eat(block, from, to) {
      const kind = kindOf(block, from, to)
      if (kind === 'blank') return !started
      if (kind === 'other') return false
      started = true
      point[key].push(block.slice(from, to))
      state.waitingLength += to - from
      return true
    },
  }
}

/** Numbers are digits, points, signs and stars. */
function kindOf(block: string, from: number, to: number): 'blank' | 'numbers' | 'other' {
  let blank = true
  for (let at = from; at < to; at += 1) {
    const code = block.charCodeAt(at)
    if (code === 32 || isBlank(code)) continue
    if ((code < 48 || code > 57) && code !== 46 && code !== 45 && code !== 42) return 'other'
    blank = false
  }
  return blank ? 'blank' : 'numbers'
}

/** Reads what waits as text, once it gets long: of all steps of a relaxation, only the last one's levels are asked for. */
export function readLong(state: PwState): void {
  if (state.waitingLength > MAX_WAITING) readPrinted(state)
}

/** Reads the text that still holds on to its block: of the step that goes on, and of the newest with an energy. */
export function readPrinted(state: PwState): void {
  state.waitingLength = 0
  for (const point of [...(state.scf?.bands ?? []), ...(state.good?.bands ?? [])]) {
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
