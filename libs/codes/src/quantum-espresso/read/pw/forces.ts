import type { Matrix3, Vector3 } from '@crystalmath/contract'
import { decimalsAt, isBlank, toNumber, wordsOf } from '../../../reading/numbers.ts'
import type { Beginnings, Eater } from '../line-reader.ts'
import { diagnose } from '../run-facts.ts'
import { vectorOf } from '../units.ts'
import type { PwState } from './state.ts'

const TOTAL_FORCE = /Total force =\s*(\S+)(?:\s+Total SCF correction =\s*(\S+))?/

/** Forces and stress of the step that goes on. */
export const forceBeginnings: Beginnings<PwState> = [
  ['Forces acting on atoms', (_, state) => forces(state)],
  [
    'Total force =',
    (line, { scf }) => {
      const [, total, correction] = TOTAL_FORCE.exec(line) ?? []
      if (scf !== null) Object.assign(scf, { totalForceRy: toNumber(total), scfCorrectionRy: toNumber(correction) })
    },
  ],
  ['total   stress', (_, state) => stress(state)],
]

/** One line per atom; whatever else comes ends the table. A torn or broken table gives no forces at all. */
function forces(state: PwState): Eater {
  const { scf, header, run } = state
  const rows: Vector3[] = []
  let broken = false
  return {
    eat(block, from, to, lineNumber) {
      const at = forceIn(block, from, to)
      if (at === -1) return rows.length === 0 && !broken && block.slice(from, to).trim() === ''
      const row = decimalsAt(block, at, to, words) === -1 ? vectorOf(numbersIn(block.slice(at, to))) : vectorOf(words)
      if (row === null) {
        broken = true
        const line = block.slice(from, to)
        diagnose(run, 'OUTPUT_UNREADABLE', `a force is not three numbers: "${line.trim()}"`, lineNumber(), line)
      } else rows.push(row)
      if (scf !== null && !broken && rows.length === header.atomCount) scf.forcesRy = rows
      return true
    },
  }
}

const words: number[] = [0, 0, 0]

/** Where the numbers of `     atom    1 type  1   force = …` begin; −1 in any other line. */
function forceIn(block: string, from: number, to: number): number {
  let at = from
  while (at < to && isBlank(block.charCodeAt(at))) at += 1
  if (!block.startsWith('atom', at)) return -1
  const sign = block.indexOf('force =', at)
  return sign === -1 || sign + 7 > to ? -1 : sign + 7
}

function stress(state: PwState): Eater {
  const { scf, run } = state
  const rows: Vector3[] = []
  return (line, lineNumber) => {
    if (rows.length === 3) return false
    const row = vectorOf(numbersIn(line).slice(0, 3))
    if (row === null) {
      diagnose(run, 'OUTPUT_UNREADABLE', `a row of the stress is not six numbers: "${line.trim()}"`, lineNumber(), line)
      return false
    }
    rows.push(row)
    const [a, b, c] = rows
    if (scf !== null && a !== undefined && b !== undefined && c !== undefined) scf.stressRy = [a, b, c] satisfies Matrix3
    return true
  }
}

const numbersIn = (text: string): (number | null)[] => wordsOf(text).map(toNumber)
