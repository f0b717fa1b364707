import type { Matrix3, Vector3 } from '@crystalmath/contract'
import { toNumber, toNumbers } from '../../reading/numbers.ts'
import type { Rule, Section } from '../../reading/sections.ts'
import type { Context, Step } from './run.ts'

const FORCE = /^ *\d+ +\d+ +(\S+) +(\S+) +(\S+) *$/
const POPULATION = /^ *(\d+) +[A-Z]{1,2} +(\d+) *(-?[\d.*]+) /

/** Forces, stress and Mulliken populations of the geometry at hand. */
export const forcesRules = (context: Context): readonly Rule[] => [
  {
    pattern: /(?<=^ *)CARTESIAN FORCES IN HARTREE\/BOHR/,
    read: () => (context.run.displaced ? undefined : forces(context, context.run.step)),
  },
  {
    pattern: /(?<=^ *)STRESS TENSOR, IN HARTREE\/BOHR\^3/,
    read: () => (context.run.displaced ? undefined : stress(context.run.step)),
  },
  { pattern: /(?<=^ +)(?<which>ALPHA[+-]BETA) ELECTRONS *$/, read: ({ groups }) => heading(context, groups['which'] ?? '') },
  {
    pattern: /(?<=^ *)MULLIKEN POPULATION ANALYSIS - NO\. OF ELECTRONS +(?<count>[^ \n]+)/,
    read: ({ groups }) => total(context, groups['count']),
  },
  {
    pattern: /(?<=^ *)ATOM +Z CHARGE +A\.O\. POPULATION/,
    read: () => (context.run.displaced ? undefined : populations(context)),
  },
  {
    pattern: /(?<=^ *)FORCE CONSTANT MATRIX - NUMERICAL ESTIMATE/,
    read: () => {
      context.run.displaced = true
    },
  },
  {
    pattern: /(?<=^ )STRAIN MATRIX +\d+ :/,
    read: () => {
      context.run.displaced = true
    },
  },
]

function forces(context: Context, step: Step): Section {
  const rows: Vector3[] = []
  let broken = false
  return (text, line) => {
    if (/^ +ATOM +X +Y +Z/.test(text)) return true
    const words = FORCE.exec(text)
    if (words === null) {
      // Complete once something else follows; a broken row leaves none
      step.forces = broken || rows.length === 0 || wrongCount(step, rows.length) ? null : rows
      return false
    }
    const row = words.slice(1).map(toNumber)
    if (row.some((x) => x === null)) {
      broken = true
      context.notes.diagnose('OUTPUT_UNREADABLE', `forces on an atom are not numbers: "${text.trim()}"`, { line, text })
    }
    rows.push(row as Vector3)
    return true
  }
}

const wrongCount = ({ geometry: { symbols } }: Step, count: number): boolean => symbols.length > 0 && symbols.length !== count

/** Three lines that explain the order, then three rows. */
function stress(step: Step): Section {
  const rows: Vector3[] = []
  return (text) => {
    if (rows.length === 0 && /^ *(?:ORDER:|21 22|31 32)/.test(text)) return true
    const row = toNumbers(text)
    if (row?.length !== 3) return false
    rows.push(row as Vector3)
    if (rows.length === 3) step.stress = rows as Matrix3
    return rows.length < 3
  }
}

function heading({ run }: Context, which: string): undefined {
  run.populationOf = which === 'ALPHA-BETA' ? 'spins' : 'populations'
}

function total({ run }: Context, count: string | undefined): undefined {
  const electrons = toNumber(count)
  if (run.populationOf === 'spins' && !run.displaced && electrons !== null) run.step.magnetization = electrons
}

/** One row per atom, continued on lines that hold orbital populations only; complete at the first other line. */
function populations(context: Context): Section {
  const { step, populationOf } = context.run
  const values: number[] = []
  return (text) => {
    if (text.trim() === '') {
      if (values.length === 0) return true
      if (!wrongCount(step, values.length) && values.every((value) => !Number.isNaN(value))) step[populationOf] = values
      return false
    }
    const row = POPULATION.exec(text)
    if (row !== null && Number(row[1]) === values.length + 1) values.push(toNumber(row[3]) ?? Number.NaN)
    else if (!/^ {15,}/.test(text)) return false
    return true
  }
}
