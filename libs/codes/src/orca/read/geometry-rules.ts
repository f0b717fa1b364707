import type { Vector3 } from '@crystalmath/contract'
import { detached, quoted } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { line, type Rule, rows, rule } from '../../reading/scanner.ts'
import { type Context, diagnosisAt, unreadable } from './context.ts'
import { nextStep } from './run.ts'

const ATOM = /^ *([A-Z][A-Za-z]?)(\([^)]*\))? *(:)? +(-?\d+\.\d+) +(-?\d+\.\d+) +(-?\d+\.\d+) *$/
const GRADIENT = /^ *\d+ *(?:[A-Z][A-Za-z]?)? *: +(\S+) +(\S+) +(\S+) *$/

/** Geometries, gradients, and how an optimisation goes. */
export const geometryRules = (context: Context): Rule[] => [
  line(/^ORCA NUMERICAL (?:FREQUENCIES|GRADIENT)/, () => {
    context.run.displacing = true
  }),
  rule(/^CARTESIAN COORDINATES \(ANGSTROEM\)/, () => {
    if (context.run.displacing) return undefined
    nextStep(context.run, context.full)
    const { current } = context.run
    const species: string[] = []
    const positionsAngstrom: Vector3[] = []
    const row = (text: string): boolean => {
      const [, symbol, , ghost, x, y, z] = ATOM.exec(text) ?? []
      if (symbol === undefined) return false
      species.push(ghost === undefined ? detached(symbol) : 'X')
      positionsAngstrom.push([Number(x), Number(y), Number(z)])
      return true
    }
    return rows(row, 1, () => Object.assign(current, { species, positionsAngstrom }))
  }),
  rule(/^(?:CARTESIAN (?:NUMERICAL )?GRADIENT\b|The final \S+ gradient|The cartesian gradient:)/, ({ text }) => {
    if (text.includes('NUMERICAL')) context.run.displacing = false
    if (context.run.displacing) return undefined
    const gradient: Vector3[] = []
    const { current } = context.run
    const row = (text: string, number: number): boolean => {
      const [, ...words] = GRADIENT.exec(text) ?? []
      if (words.length === 0) return false
      const [x, y, z] = words.map(toNumber)
      if (x == null || y == null || z == null) unreadable(context, 'gradient', text, { text, line: () => number })
      gradient.push([x ?? Number.NaN, y ?? Number.NaN, z ?? Number.NaN])
      return true
    }
    return rows(row, 3, () => {
      current.gradientHartreePerBohr = gradient.flat().every(Number.isFinite) ? gradient : null
    })
  }),
  line(/^\* +GEOMETRY OPTIMIZATION CYCLE +\d+/, () => {
    context.run.displacing = false
    context.run.optimisation = 'running'
  }),
  line(/^\*{3} +THE OPTIMIZATION HAS CONVERGED/, () => {
    context.run.optimisation = 'converged'
  }),
  line(/^-+\|Geometry convergence\|/, (hit) => {
    context.run.convergenceTable = { line: hit.line(), text: quoted(hit.text) }
  }),
  line(/^\*{3} FINAL ENERGY EVALUATION AT THE STATIONARY POINT/, () => {
    context.run.finalEvaluationNext = true
  }),
  line(/The optimization (?:did not converge|has not (?:yet )?converged)[^\n]*|OPTIMIZATION HAS NOT CONVERGED/, (hit) => {
    if (context.run.optimisation === 'not-converged' || /not yet converged/.test(hit.text)) return
    context.run.optimisation = 'not-converged'
    context.run.diagnoses.push(
      diagnosisAt(context, 'IONIC_NOT_CONVERGED', 'the geometry optimisation reached its cycle limit', hit),
    )
  }),
  line(/ORCA AB INITIO MOLECULAR DYNAMICS MODULE|Ab Initio Molecular Dynamics Module/, () => {
    context.run.molecularDynamics = true
  }),
]
