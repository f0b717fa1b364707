import type { Matrix3, Vector3 } from '@crystalmath/contract'
import { toNumber } from '../../../reading/numbers.ts'
import type { Beginnings, Eater } from '../line-reader.ts'
import { diagnose } from '../run-facts.ts'
import { vectorOf } from '../units.ts'
import type { SuiteState } from './state.ts'

const TRIPLE = /\(\s*(\S+)\s+(\S+)\s+(\S+?)\s*\)/
const FREQUENCY = /(?:freq|omega)\s*\(\s*\d+\s*\)\s*=\s*(\S+)\s*\[THz\]\s*=\s*(\S+)\s*\[cm-1\]/

/** The standard output of `ph.x`: frequencies by q, dielectric tensor, Born charges, convergence of the linear response. */
export const phononBeginnings: Beginnings<SuiteState> = [
  ['q = (', onQ],
  ['freq (', onFrequency],
  ['omega(', onFrequency],
  [
    'Dielectric constant in cartesian axis',
    (_, state) => threeRows((matrix) => void Object.assign(state, { dielectric: matrix })),
  ],
  ['Effective charges (d Force / dE) in cartesian axis', (_, state) => charges(state)],
  [
    'No convergence has been achieved',
    (line, { run }, at) => diagnose(run, 'CONVERGENCE_NOT_REACHED', 'the linear response did not converge', at(), line),
  ],
  [
    'Convergence has not been reached',
    (line, { run }, at) => diagnose(run, 'CONVERGENCE_NOT_REACHED', 'the linear response did not converge', at(), line),
  ],
]

const tripleIn = (line: string): Vector3 | null => {
  const [, x, y, z] = TRIPLE.exec(line) ?? []
  return vectorOf([x, y, z].map(toNumber))
}

function onQ(line: string, state: SuiteState): undefined {
  const q = tripleIn(line)
  if (q !== null) state.phonons.push({ q, frequenciesPerCm: [] })
}

function onFrequency(line: string, { phonons, run }: SuiteState, at: () => number): undefined {
  const [, , perCm] = FREQUENCY.exec(line) ?? []
  if (perCm === undefined) return
  const value = toNumber(perCm)
  if (value === null) diagnose(run, 'OUTPUT_UNREADABLE', `a frequency is not a number: "${perCm}"`, at(), line)
  phonons.at(-1)?.frequenciesPerCm.push(value)
}

/** Three rows in brackets with blank lines before. */
function threeRows(take: (matrix: Matrix3) => void): Eater {
  const rows: Vector3[] = []
  return (line) => {
    const row = tripleIn(line)
    if (row === null) return rows.length === 0 && line.trim() === ''
    rows.push(row)
    const [a, b, c] = rows
    if (a !== undefined && b !== undefined && c !== undefined) take([a, b, c])
    return rows.length < 3
  }
}

/** A block of three rows per atom. Newer releases print it twice, at last with the acoustic sum rule applied: the first one, as computed, is kept. */
function charges(state: SuiteState): Eater {
  if (state.bornCharges.length > 0 && state.bornCharges.length === state.header.atomCount) return () => false
  let rows: Vector3[] = []
  const all: Matrix3[] = []
  return (line) => {
    const row = /^\s*E[xyz*]?\s*[xyz]?\s*\(/.test(line) ? tripleIn(line) : null
    if (row === null) return line.trim() === '' || /^\s*(?:atom\s|without|with\s)/.test(line)
    rows.push(row)
    const [a, b, c] = rows
    if (a !== undefined && b !== undefined && c !== undefined) {
      all.push([a, b, c])
      rows = []
      state.bornCharges = all
    }
    return true
  }
}
