import {
  type CalculationResult,
  DEBYE_PER_E_BOHR,
  EV_PER_HARTREE,
  type Method,
  type Structure,
  type Vector3,
} from '@crystalmath/contract/plain'
import { scaled } from '../../reading/numbers.ts'
import { coreHoursOf, emptyResult, formulaOf, largestNorm } from '../../reading/result.ts'
import { diagnosesOf, stands } from './diagnoses.ts'
import { convergedOf, energiesOf, groundHartreeOf } from './energies.ts'
import { forcesOf, gradientOf } from './forces.ts'
import { functionalOf } from './functional.ts'
import type { OrcaRun, OrcaStep, OrcaTrajectoryStep } from './run.ts'

/** What one output says, as a result: the newest geometry whose energy was printed decides. */
export function outputResult(run: OrcaRun, file: string): CalculationResult {
  const step = decidingStep(run)
  const atomCount = step.species.length
  const diagnoses = diagnosesOf(run, step, file)
  const coreCount = run.mpiRankCount ?? (run.computed ? 1 : null)
  const gradient = gradientOf(run, step)
  return {
    ...emptyResult('orca'),
    codeVersion: run.version,
    termination: run.finishedNormally
      ? 'normal'
      : run.gaveUp || diagnoses.some(({ kind }) => kind === 'INPUT_ERROR' || kind === 'BASIS_MISSING')
        ? 'error'
        : 'truncated',
    ...energiesOf(run, step),
    electronicConverged: convergedOf(step),
    ionicConverged: run.optimisation === 'none' ? null : run.optimisation === 'converged',
    forcesEvPerAngstrom: gradient.ofStep ? gradient.forces : null,
    maxForceEvPerAngstrom: largestNorm(gradient.forces),
    maxFreeForceEvPerAngstrom: run.constrained ? null : largestNorm(gradient.forces),
    structure: atomCount > 0 && step.positionsAngstrom.length === atomCount ? geometryOf(step) : null,
    formula: formulaOf(step.species),
    atomCount: atomCount === 0 ? null : atomCount,
    ionicStepCount: run.stepCount,
    scfStepCounts: run.current.scfCycles === null ? run.scfStepCounts : [...run.scfStepCounts, run.current.scfCycles],
    ...levelsOf(step),
    sites: sitesOf(step),
    spinSquared: step.spinSquared,
    spinSquaredIdeal: step.spinSquaredIdeal,
    mpiRankCount: coreCount,
    threadsPerRank: coreCount === null ? null : 1,
    coreCount,
    wallSeconds: run.wallSeconds,
    coreHours: coreHoursOf(run.wallSeconds, coreCount),
    maxMemoryMebibytes: run.maxMemoryMegabytes,
    method: methodOf(run),
    diagnoses: run.finishedNormally ? diagnoses.filter(stands) : diagnoses,
    warnings: [
      ...run.warnings,
      ...gradient.warnings,
      ...(run.finishedNormally ? diagnoses.filter((one) => !stands(one)).map(({ message }) => message) : []),
    ],
    properties: {
      ...propertiesOf(run, step),
      ...(step.dipoleAu === null ? {} : { dipoleDebye: step.dipoleAu.map((x) => x * DEBYE_PER_E_BOHR) as Vector3 }),
      ...(step.excitations.length === 0 ? {} : { excitations: step.excitations }),
      ...trajectoryOf(run),
    },
  }
}

/** The newest geometry with an energy; a newer one only if its SCF failed, or where there is no other. */
const decidingStep = ({ current, complete }: OrcaRun): OrcaStep =>
  complete === null || current.scfConverged === false || current.flaggedUnconverged ? current : complete

function levelsOf({ orbitals }: OrcaStep): Pick<CalculationResult, 'homoEv' | 'lumoEv'> {
  const known = (levels: readonly (number | null | undefined)[]) => {
    const numbers = levels.filter((level) => typeof level === 'number')
    return orbitals.fractional || numbers.length === 0 || numbers.length !== levels.length ? null : numbers
  }
  return { homoEv: known([...orbitals.homoEv]), lumoEv: known([...orbitals.lumoEv]) }
}

/** Tables of every atom only: a torn one says nothing. */
function sitesOf({ sites, species }: OrcaStep): CalculationResult['sites'] {
  const whole = (column: readonly number[] | undefined) =>
    column !== undefined && column.length === species.length && column.every(Number.isFinite)
  return Object.fromEntries(
    Object.entries(sites).flatMap(([scheme, { charges, spins }]) =>
      whole(charges) ? [[scheme, { ...(charges && { charges }), ...(spins && whole(spins) ? { spins } : {}) }]] : [],
    ),
  )
}

function methodOf({ method }: OrcaRun): Method | null {
  const { keywords, exchange, correlation, treatment: _treatment, thresholds, ...said } = method
  const pair = correlation === null || exchange === correlation ? exchange : `${exchange}-${correlation}`
  const functional = functionalOf(keywords) ?? (exchange === null ? null : pair)
  if (Object.keys(said).length === 0 && functional === null && keywords.length === 0) return null
  return { ...said, functional, thresholds: Object.keys(thresholds).length === 0 ? null : thresholds }
}

/** Of the deciding geometry; what follows a second print of the same geometry is of it too. */
const propertiesOf = ({ current }: OrcaRun, step: OrcaStep): CalculationResult['properties'] =>
  current !== step &&
  current.finalHartree === null &&
  JSON.stringify(current.positionsAngstrom) === JSON.stringify(step.positionsAngstrom)
    ? { ...step.properties, ...current.properties }
    : step.properties

const geometryOf = ({ species, positionsAngstrom }: OrcaTrajectoryStep): Structure => ({
  latticeAngstrom: null,
  species,
  positionsAngstrom,
})

const trajectoryOf = (run: OrcaRun): CalculationResult['properties'] => {
  const { current, trajectory } = run
  const steps = current.finalHartree === null || trajectory.length === 0 ? trajectory : [...trajectory, current]
  if (steps.length === 0) return {}
  return {
    trajectory: steps.map((step) => ({
      energyEv: scaled(groundHartreeOf(step), EV_PER_HARTREE),
      scfStepCount: step.scfCycles,
      ...(step.species.length > 0 && step.positionsAngstrom.length === step.species.length
        ? { structure: geometryOf(step) }
        : {}),
      ...(step.gradientHartreePerBohr?.length === step.species.length
        ? {
            forcesEvPerAngstrom: forcesOf(step.gradientHartreePerBohr),
            maxForceEvPerAngstrom: largestNorm(forcesOf(step.gradientHartreePerBohr)),
          }
        : {}),
    })),
  }
}
