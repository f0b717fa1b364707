import {
  ANGSTROM_PER_BOHR,
  type CalculationResult,
  DEBYE_PER_E_BOHR,
  type Diagnosis,
  EV_PER_HARTREE,
  type Method,
  type Structure,
  type Vector3,
} from '@crystalmath/contract'
import { scaled } from '../../reading/numbers.ts'
import { coreHoursOf, emptyResult, formulaOf, largestNorm } from '../../reading/result.ts'
import { energyMethodOf, functionalOf } from './functional.ts'
import { belowAnyAtoms } from './plausible.ts'
import type { OrcaRun, OrcaStep, OrcaTrajectoryStep } from './run.ts'

/** eV/Å in one hartree/bohr. */
export const FORCE = EV_PER_HARTREE / ANGSTROM_PER_BOHR

/** Forces from a gradient in hartree/bohr. */
export const forcesOf = (gradient: readonly Vector3[]): Vector3[] =>
  gradient.map(([x, y, z]) => [-x * FORCE, -y * FORCE, -z * FORCE])

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

/** Said after an ORCA TERMINATED NORMALLY, only these are more than a remark. */
const stands = ({ kind }: Diagnosis): boolean =>
  ['ELECTRONIC_NOT_CONVERGED', 'IONIC_NOT_CONVERGED', 'OUTPUT_UNREADABLE', 'SCF_DIVERGED', 'CPSCF_NOT_CONVERGED'].includes(kind)

/** Of the highest level that was run; null where ORCA came to no statement about it. */
function convergedOf(step: OrcaStep): boolean | null {
  if (step.flaggedUnconverged || step.scfConverged === false || step.correlationConverged === false) return false
  if (step.finalHartree === null) return null
  return step.scfConverged ?? step.correlationConverged
}

function energiesOf(run: OrcaRun, step: OrcaStep): Partial<CalculationResult> {
  const unconverged = convergedOf(step) === false
  const excited = step.excitationHartree !== null && step.finalHartree !== null
  const ground = groundHartreeOf(step)
  const { dft, casscf } = {
    dft: run.method.exchange !== null,
    casscf: step.scfConverged === null && step.correlationConverged !== null,
  }
  return {
    energyEv: unconverged ? null : scaled(ground, EV_PER_HARTREE),
    energyKind: unconverged || ground === null ? null : 'total',
    unconvergedEnergyEv: unconverged ? scaled(ground ?? step.scfEnergyHartree, EV_PER_HARTREE) : null,
    scfEnergyEv: step.scfConverged === false ? null : scaled(step.scfEnergyHartree, EV_PER_HARTREE),
    dispersionEnergyEv: scaled(step.dispersionHartree, EV_PER_HARTREE),
    excitedStateEnergyEv: excited && !unconverged ? scaled(step.finalHartree, EV_PER_HARTREE) : null,
    energyMethod: run.computed
      ? (energyMethodOf(run.method.keywords, { dft, casscf, perturbation: run.method.treatment }) ?? run.method.treatment)
      : null,
  }
}

/** FINAL SINGLE POINT ENERGY is of the root followed, or an average of roots, where there are several. */
function groundHartreeOf({ finalHartree, excitationHartree, lowestRootHartree }: OrcaTrajectoryStep): number | null {
  if (finalHartree === null) return null
  if (excitationHartree !== null) return finalHartree - excitationHartree
  return lowestRootHartree ?? finalHartree
}

type Gradient = { readonly forces: Vector3[] | null; readonly ofStep: boolean; readonly warnings: readonly string[] }

/** The gradient at the deciding geometry. After an optimisation ORCA evaluates once more without one: then the last, which the optimiser judged by. */
function gradientOf(run: OrcaRun, step: OrcaStep): Gradient {
  const whole = (rows: readonly Vector3[] | null) =>
    rows !== null && rows.length > 0 && rows.length === step.species.length ? forcesOf(rows) : null
  const own = whole(step.gradientHartreePerBohr)
  if (own !== null) return { forces: own, ofStep: true, warnings: [] }
  const before = step.afterOptimisation ? whole(run.gradientBefore) : null
  if (before === null) return { forces: null, ofStep: false, warnings: [] }
  return {
    forces: before,
    ofStep: false,
    warnings: ['the largest force is of the last optimisation cycle: ORCA computes none in the final energy evaluation'],
  }
}

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

/** In the order in which the output says them, then what only its end shows. */
function diagnosesOf(run: OrcaRun, step: OrcaStep, file: string): Diagnosis[] {
  const said = [...run.diagnoses, ...step.diagnoses].sort((a, b) => (a.evidence.line ?? 0) - (b.evidence.line ?? 0))
  const { convergenceTable, inScf, optimisation } = run
  const energy = step.finalHartree ?? step.scfEnergyHartree
  if (energy !== null && belowAnyAtoms(energy, step.species))
    said.unshift({
      kind: 'SCF_DIVERGED',
      message: `the energy, ${energy} hartree, is lower than that of these atoms can be: the SCF diverged`,
      evidence: { file, ...(step.energyLine ?? { line: null, text: `${energy} Eh` }) },
    })
  if (run.finishedNormally && optimisation === 'running' && convergenceTable !== null && !run.molecularDynamics)
    said.push({
      kind: 'IONIC_NOT_CONVERGED',
      message: 'the optimisation ended before it converged',
      evidence: { file, ...convergenceTable },
    })
  if (run.finishedNormally || said.length > 0 || run.gaveUp) return said
  said.push({
    kind: 'OUTPUT_INCOMPLETE',
    message: 'the output ends before ORCA says how it ended',
    evidence: { file, line: null, text: '' },
  })
  if (inScf !== null)
    said.push({
      kind: 'ELECTRONIC_NOT_CONVERGED',
      message: 'the output ends within an SCF that had not converged',
      evidence: { file, ...inScf },
    })
  return said
}
