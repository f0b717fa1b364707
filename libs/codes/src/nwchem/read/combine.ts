import {
  ANGSTROM_PER_BOHR,
  type CalculationResult,
  DEBYE_PER_E_BOHR,
  EV_PER_HARTREE,
  type Vector3,
} from '@crystalmath/contract/plain'
import type { ReadingOf } from '../../code-reads.ts'
import { newest } from '../../reading/newest.ts'
import { scaled } from '../../reading/numbers.ts'
import { coreHoursOf, emptyResult, formulaOf, largestNorm } from '../../reading/result.ts'
import type { readers } from './readers.ts'
import type { NwchemRun, NwchemStep } from './run.ts'

const FORCE = EV_PER_HARTREE / ANGSTROM_PER_BOHR

/** The newest output decides. */
export function combine(readings: readonly ReadingOf<typeof readers>[]): CalculationResult {
  const main = newest(readings)
  return main === null ? emptyResult('nwchem') : resultOf(main.value, main.file)
}

function resultOf(run: NwchemRun, file: string): CalculationResult {
  // what a line search tries between two accepted geometries is no step; a failed SCF is
  const newestStep = run.undisplaced ?? run.step
  const step = newestStep.converged === false ? newestStep : (run.accepted ?? newestStep)
  const unconverged = step.converged === false
  const energyEv = isBasis(run, step) ? null : scaled(step.energyHartree, EV_PER_HARTREE)
  const atomCount = step.species.length
  const gradient = step.gradientHartreePerBohr
  const forces =
    gradient !== null && atomCount > 0 && gradient.length === atomCount
      ? gradient.map(([x, y, z]): Vector3 => [-x * FORCE, -y * FORCE, -z * FORCE])
      : null
  const excited = step.excitedHartree !== null
  const single = newestStep.energyHartree === null ? [] : [newestStep.scfSteps]
  return {
    ...emptyResult('nwchem'),
    codeVersion: run.version,
    termination: run.failed || run.diagnoses.length > 0 ? 'error' : run.finished ? 'normal' : 'truncated',
    electronicConverged: step.converged,
    ionicConverged: run.optimisation === 'none' ? null : run.optimisation === 'converged',
    energyEv: unconverged ? null : energyEv,
    energyKind: unconverged || energyEv === null ? null : 'total',
    excitedStateEnergyEv: unconverged ? null : scaled(step.excitedHartree, EV_PER_HARTREE),
    unconvergedEnergyEv: unconverged ? energyEv : null,
    scfEnergyEv: unconverged ? null : scaled(step.scfHartree, EV_PER_HARTREE),
    energyMethod: step.level === 'DFT' ? run.functional : step.level === 'SCF' ? 'HF' : step.level,
    dispersionEnergyEv: scaled(step.dispersionHartree, EV_PER_HARTREE),
    forcesEvPerAngstrom: excited ? null : forces,
    maxForceEvPerAngstrom: largestNorm(forces),
    structure:
      atomCount === 0 ? null : { latticeAngstrom: null, species: step.species, positionsAngstrom: step.positionsAngstrom },
    formula: formulaOf(step.species),
    atomCount: atomCount === 0 ? null : atomCount,
    ionicStepCount: run.accepted === null ? single.length : run.scfStepCounts.length,
    scfStepCounts: run.accepted === null ? single : run.scfStepCounts,
    homoEv: levels(step.homoHartree),
    lumoEv: levels(step.lumoHartree),
    spinSquared: step.spinSquared,
    spinSquaredIdeal: step.spinSquaredIdeal,
    mpiRankCount: run.rankCount,
    threadsPerRank: run.rankCount === null ? null : 1,
    coreCount: run.rankCount,
    wallSeconds: run.wallSeconds,
    cpuSeconds: run.cpuSeconds,
    coreHours: coreHoursOf(run.wallSeconds, run.rankCount),
    method: {
      functional: run.functional,
      charge: run.charge,
      multiplicity: run.multiplicity,
      electronCount: run.electronCount,
      basisFunctionCount: run.basisFunctionCount,
      spinPolarized: run.spinPolarized,
    },
    diagnoses: diagnosesOf(run, file),
    warnings: [
      ...(excited && forces !== null
        ? ['the forces are of the excited root that was followed, the energy is of the ground state']
        : []),
      ...(run.runs > 1 ? [`the file holds ${run.runs} runs: the last one is read`] : []),
      ...(run.afterOptimisation && run.accepted === newestStep ? ['a task behind the optimisation gave the energy'] : []),
    ],
    properties: propertiesOf(run, step),
  }
}

/** Where an output is torn within a task, a Hartree-Fock energy may be what a correlated one was to rest on. */
const isBasis = (run: NwchemRun, step: NwchemStep): boolean =>
  step.level === 'SCF' && step.converged === true && !run.finished && !run.failed && !run.taskEnded && run.accepted === null

/** One per spin; a hole is a spin whose levels were not seen. */
const levels = (hartree: readonly (number | undefined)[]): number[] | null =>
  hartree.length === 0 || hartree.includes(undefined) ? null : hartree.map((level = Number.NaN) => level * EV_PER_HARTREE)

function propertiesOf(run: NwchemRun, { dipoleAu: [x, y, z] }: NwchemStep): CalculationResult['properties'] {
  return {
    ...(run.trajectory.length === 0 ? {} : { trajectory: run.trajectory }),
    ...(x === undefined || y === undefined || z === undefined
      ? {}
      : { dipoleDebye: [x * DEBYE_PER_E_BOHR, y * DEBYE_PER_E_BOHR, z * DEBYE_PER_E_BOHR] }),
    ...(run.frequenciesPerCm.length === 0 ? {} : { vibrationalFrequenciesPerCm: run.frequenciesPerCm }),
    ...(run.zeroPointHartree === null ? {} : { zeroPointEnergyEv: run.zeroPointHartree * EV_PER_HARTREE }),
  }
}

function diagnosesOf(run: NwchemRun, file: string): CalculationResult['diagnoses'] {
  if (run.finished || run.failed || run.diagnoses.length > 0) return run.diagnoses
  const torn = {
    kind: 'OUTPUT_INCOMPLETE',
    message: 'the output ends before NWChem says that it ended',
    evidence: { file, line: null, text: '' },
  }
  if (run.inScf === null) return [torn]
  return [
    torn,
    {
      kind: 'ELECTRONIC_NOT_CONVERGED',
      message: 'the output ends within an SCF that had not converged',
      evidence: { file, ...run.inScf },
    },
  ]
}
