import {
  ANGSTROM_PER_BOHR,
  EV_PER_HARTREE,
  GPA_PER_HARTREE_PER_BOHR3,
  type IonicStep,
  type Matrix3,
  type Structure,
  type Vector3,
} from '@crystalmath/contract/plain'
import { largestNorm } from '../../../reading/result.ts'
import { structureOf } from '../pw/geometry.ts'
import { pressureOf } from '../pw/steps.ts'
import { scaledMatrix, scaledVector, times } from '../units.ts'
import { newSnapshot, type Snapshot, type XmlState } from './state.ts'

const EV_PER_ANGSTROM_PER_HARTREE_PER_BOHR = EV_PER_HARTREE / ANGSTROM_PER_BOHR

/** The geometry of a step or of the output. */
export function structureOfSnapshot({ labels, positions, cell }: Snapshot, free: readonly Vector3[] | null): Structure | null {
  const [a, b, c] = cell
  if (positions.length === 0 || a === undefined || b === undefined || c === undefined) return null
  const fixed =
    free?.length === positions.length && free.flat().includes(0)
      ? free.map(([x, y, z]): [boolean, boolean, boolean] => [x === 0, y === 0, z === 0])
      : null
  return structureOf({
    latticeAngstrom: scaledMatrix([a, b, c], ANGSTROM_PER_BOHR),
    labels,
    positionsAngstrom: positions.map((position) => scaledVector(position, ANGSTROM_PER_BOHR)),
    fixed,
  })
}

/** eV/Å. */
export const forcesOf = ({ forces, positions }: Snapshot): Vector3[] | null =>
  forces === null || forces.length !== positions.length
    ? null
    : forces.map((force) => scaledVector(force, EV_PER_ANGSTROM_PER_HARTREE_PER_BOHR))

/** GPa, tension positive. */
export const stressOf = ({ stress }: Snapshot): Matrix3 | null =>
  stress === null ? null : scaledMatrix(stress, -GPA_PER_HARTREE_PER_BOHR3)

/** Puts a closed `step` to the trajectory. */
export function finishStep(state: XmlState, full: boolean): void {
  const { step } = state
  state.step = newSnapshot()
  state.previous = step
  if (step.scfSteps !== null) state.counts.push(step.scfSteps)
  state.steps.push(trajectoryStep(step, state, full))
}

/** One step of a trajectory. Of a `step` the energy alone is certain to be there. */
export function trajectoryStep(step: Snapshot, { freePositions }: XmlState, full: boolean): IonicStep {
  const energyEv = times(step.total, EV_PER_HARTREE)
  const forces = forcesOf(step)
  const stress = stressOf(step)
  const structure = full ? structureOfSnapshot(step, freePositions) : null
  return {
    energyEv,
    freeEnergyEv: energyEv,
    maxForceEvPerAngstrom: largestNorm(forces),
    scfStepCount: step.scfSteps,
    ...(stress === null ? {} : { pressureGpa: pressureOf(stress) }),
    ...(structure === null ? {} : { structure }),
    ...(full && forces !== null ? { forcesEvPerAngstrom: forces } : {}),
  }
}
