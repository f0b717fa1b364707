import { ANGSTROM_PER_BOHR, EV_PER_HARTREE, type Vector3 } from '@crystalmath/contract/plain'
import type { OrcaRun, OrcaStep } from './run.ts'

/** eV/Å in one hartree/bohr. */
export const FORCE = EV_PER_HARTREE / ANGSTROM_PER_BOHR

/** Forces from a gradient in hartree/bohr. */
export const forcesOf = (gradient: readonly Vector3[]): Vector3[] =>
  gradient.map(([x, y, z]) => [-x * FORCE, -y * FORCE, -z * FORCE])

/** Forces in eV/Å; `ofStep`: of the very geometry and state of the energy. */
type Gradient = { readonly forces: Vector3[] | null; readonly ofStep: boolean; readonly warnings: readonly string[] }

/** The gradient at the deciding geometry. After an optimisation ORCA evaluates once more without one: then the last, which the optimiser judged by. */
export function gradientOf(run: OrcaRun, step: OrcaStep): Gradient {
  const whole = (rows: readonly Vector3[] | null) =>
    rows !== null && rows.length > 0 && rows.length === step.species.length ? forcesOf(rows) : null
  const own = whole(step.gradientHartreePerBohr)
  const root =
    step.excitationHartree === null
      ? []
      : ['the forces are of the excited root that was followed, the energy is of the ground state']
  if (own !== null) return { forces: own, ofStep: root.length === 0, warnings: root }
  const before = step.afterOptimisation ? whole(run.gradientBefore) : null
  if (before === null) return { forces: null, ofStep: false, warnings: [] }
  return {
    forces: before,
    ofStep: false,
    warnings: [...root, 'the largest force is of the last optimisation cycle: ORCA computes none in the final energy evaluation'],
  }
}
