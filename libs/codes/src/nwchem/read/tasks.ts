import { ANGSTROM_PER_BOHR, type Vector3 } from '@crystalmath/contract'
import { type NwchemRun, type NwchemStep, newStep } from './run.ts'

/** Each task of an input begins with the input module. */
export function beginTask(run: NwchemRun): void {
  backToUndisplaced(run)
  run.newTask = true
  run.taskEnded = false
  run.afterOptimisation = run.optimisation === 'converged' || run.optimisation === 'failed'
}

/** An SCF begins: the first one of a task is of a new step. */
export function beginScf(run: NwchemRun): void {
  if (!run.newTask || run.undisplaced !== null) return
  run.newTask = false
  const { species, positionsAngstrom } = run.accepted ?? run.step
  run.step = newStep(species, positionsAngstrom)
}

/** Finite differences: what follows is of displaced geometries, until the task or the step of the optimisation is over. */
export function displace(run: NwchemRun): void {
  run.undisplaced ??= run.step
  run.step = newStep()
}

/** Vibrations behind an optimisation compute its energy once more, and then those of displaced geometries. */
export function beginVibrations(run: NwchemRun): void {
  if (run.afterOptimisation) displace(run)
}

export function backToUndisplaced(run: NwchemRun): void {
  if (run.undisplaced !== null) run.step = run.undisplaced
  run.undisplaced = null
}

export function beginOptimisation(run: NwchemRun): void {
  Object.assign(run, {
    optimisation: 'running',
    acceptedNumber: -1,
    accepted: null,
    afterOptimisation: false,
    scfStepCounts: [],
    trajectory: [],
  })
}

/** What is printed and what is known agree to what is printed. */
const SAME_ANGSTROM = 1e-4

const isSame = (a: readonly Vector3[], b: readonly Vector3[]): boolean =>
  a.length === b.length && a.every((at, i) => at.every((x, j) => Math.abs(x - (b[i]?.[j] ?? Number.NaN)) < SAME_ANGSTROM))

/**
 * A geometry is printed before its energy, or repeated behind it. Of an optimisation that is over it is the optimised one, unless
 * another task begins with another geometry: a calculation of its own.
 */
export function printedGeometry(run: NwchemRun, species: string[], positionsAngstrom: Vector3[]): void {
  if (run.undisplaced !== null) return
  const { step, optimisation } = run
  const known = run.accepted ?? step
  const same = isSame(known.positionsAngstrom, positionsAngstrom) && known.species.join() === species.join()
  if (optimisation !== 'running') {
    if (same || (optimisation !== 'none' && !run.newTask)) return
    anotherMolecule(run)
  }
  const isRepeated = step.energyHartree !== null && isSame(gradientAt(step), positionsAngstrom)
  run.step = isRepeated
    ? { ...step, species, positionsAngstrom }
    : { ...newStep(species, positionsAngstrom), scfSteps: step.scfSteps }
}

/** A task may take another geometry without printing it: its number of atoms tells. */
export function countedAtoms(run: NwchemRun, count: number): void {
  const { species } = run.accepted ?? run.step
  if (!run.newTask || species.length === 0 || species.length === count || species.includes('X')) return
  anotherMolecule(run)
  run.step = newStep()
}

function anotherMolecule(run: NwchemRun): void {
  Object.assign(run, {
    optimisation: 'none',
    accepted: null,
    afterOptimisation: false,
    scfStepCounts: [],
    trajectory: [],
    frequenciesPerCm: [],
    zeroPointHartree: null,
  })
}

/** The optimiser prints 8 digits of the energy that it goes by. */
const SAME_HARTREE = 1e-6

/** A step is accepted with an energy of a level that is not read by itself (SELCI, CIS): the optimiser's own word counts then. */
export function acceptedEnergy({ step }: NwchemRun, energyHartree: number | null): void {
  if (energyHartree === null) return
  const known = [step.energyHartree, step.excitedHartree]
  if (known.some((hartree) => hartree !== null && Math.abs(hartree - energyHartree) < SAME_HARTREE)) return
  // what an optimisation of an excited state goes by is no energy of the ground state
  Object.assign(
    step,
    step.excitedHartree === null ? { energyHartree, level: null } : { energyHartree: null, excitedHartree: energyHartree },
  )
}

const gradientAt = ({ gradientAtBohr }: NwchemStep): Vector3[] =>
  gradientAtBohr.map(([x, y, z]): Vector3 => [x * ANGSTROM_PER_BOHR, y * ANGSTROM_PER_BOHR, z * ANGSTROM_PER_BOHR])
