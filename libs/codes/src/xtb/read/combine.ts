import {
  ANGSTROM_PER_BOHR,
  type CalculationResult,
  DEBYE_PER_E_BOHR,
  type Diagnosis,
  EV_PER_HARTREE,
  type Vector3,
} from '@crystalmath/contract/plain'
import type { ReadingOf } from '../../code-reads.ts'
import { newest } from '../../reading/newest.ts'
import { scaled } from '../../reading/numbers.ts'
import { coreHoursOf, emptyResult, formulaOf, largestNorm } from '../../reading/result.ts'
import type { XtbGradient } from './gradient.ts'
import type { readers } from './readers.ts'
import type { XtbRun } from './run.ts'

const FORCE = EV_PER_HARTREE / ANGSTROM_PER_BOHR

/** The newest output decides; a `gradient` of the same energy adds the forces. */
export function combine(readings: readonly ReadingOf<typeof readers>[]): CalculationResult {
  const output = newest(readings.filter((reading) => reading.kind === 'output'))
  const gradient = newest(readings.filter((reading) => reading.kind === 'gradient'))
  if (output === null) return gradient === null ? emptyResult('xtb') : gradientResult(gradient.value, gradient.file)
  const result = outputResult(output.value, output.file)
  if (gradient === null || !gradient.value.whole || result.energyEv === null) return result
  const forces = forcesOf(gradient.value)
  const energyEv = scaled(gradient.value.energyHartree, EV_PER_HARTREE)
  if (energyEv !== null && Math.abs(energyEv - result.energyEv) < 1e-6 && forces !== null && forces.length === result.atomCount)
    return { ...result, ...withForces(forces) }
  const message = `the gradient file is of another energy, ${energyEv} eV, than the output, ${result.energyEv} eV`
  const evidence = { file: gradient.file, line: null, text: `SCF energy = ${gradient.value.energyHartree}` }
  return { ...result, diagnoses: [...result.diagnoses, { kind: 'SOURCES_DISAGREE', message, evidence }] }
}

const withForces = (forces: Vector3[]) => ({
  forcesEvPerAngstrom: forces,
  maxForceEvPerAngstrom: largestNorm(forces),
  maxFreeForceEvPerAngstrom: largestNorm(forces),
})

const forcesOf = ({ gradientHartreePerBohr, species }: XtbGradient): Vector3[] | null =>
  species.length === 0 || gradientHartreePerBohr.length !== species.length
    ? null
    : gradientHartreePerBohr.map(([x, y, z]) => [-x * FORCE, -y * FORCE, -z * FORCE])

function gradientResult(value: XtbGradient, file: string): CalculationResult {
  const forces = forcesOf(value)
  const whole = value.whole && forces !== null
  const torn: Diagnosis = {
    kind: 'OUTPUT_INCOMPLETE',
    message: 'the gradient file is incomplete',
    evidence: { file, line: null, text: '' },
  }
  return {
    ...emptyResult('xtb'),
    termination: whole ? 'normal' : 'truncated',
    energyEv: whole ? scaled(value.energyHartree, EV_PER_HARTREE) : null,
    energyKind: whole ? 'total' : null,
    ...(whole && forces !== null ? { ...withForces(forces), ...geometryOf(value.species, value.positionsAngstrom) } : {}),
    diagnoses: whole ? [] : [torn],
  }
}

const geometryOf = (species: string[], positionsAngstrom: Vector3[]): Partial<CalculationResult> => ({
  structure:
    species.length === 0 || positionsAngstrom.length !== species.length
      ? null
      : { latticeAngstrom: null, species, positionsAngstrom },
  formula: formulaOf(species),
  atomCount: species.length === 0 ? null : species.length,
})

function outputResult(run: XtbRun, file: string): CalculationResult {
  const unconverged = run.converged === false
  const coreCount = run.threads
  const species =
    run.species.length > 0 ? run.species : Object.keys(run.elements).length === run.elements.length ? run.elements : []
  return {
    ...emptyResult('xtb'),
    codeVersion: run.version,
    termination: run.failed ? 'error' : run.finished ? 'normal' : 'truncated',
    electronicConverged: run.converged,
    ionicConverged: run.optimisation === 'none' ? null : run.optimisation === 'converged',
    energyEv: unconverged ? null : scaled(run.energyHartree, EV_PER_HARTREE),
    energyKind: unconverged || run.energyHartree === null ? null : 'total',
    unconvergedEnergyEv: unconverged ? scaled(run.energyHartree, EV_PER_HARTREE) : null,
    energyMethod: run.hamiltonian,
    dispersionEnergyEv: scaled(run.dispersionHartree, EV_PER_HARTREE),
    ...geometryOf(species, run.positionsAngstrom),
    ionicStepCount: run.optimisation === 'none' ? (run.energyHartree === null ? 0 : 1) : run.cycles,
    // a cycle whose iterations are not there leaves a hole: then none are told
    scfStepCounts: Object.keys(run.scfSteps).length === run.scfSteps.length ? run.scfSteps : [],
    homoEv: run.homoEv === null ? null : [run.homoEv],
    lumoEv: run.lumoEv === null ? null : [run.lumoEv],
    mpiRankCount: coreCount === null ? null : 1,
    threadsPerRank: run.threads,
    coreCount,
    wallSeconds: run.wallSeconds,
    cpuSeconds: run.cpuSeconds,
    coreHours: coreHoursOf(run.wallSeconds, coreCount),
    method: {
      functional: run.hamiltonian,
      charge: run.charge,
      multiplicity: run.unpaired === null ? null : run.unpaired + 1,
      electronCount: run.electronCount,
      basisFunctionCount: run.basisFunctionCount,
    },
    diagnoses: diagnosesOf(run, file),
    warnings: run.runs > 1 ? [`the file holds ${run.runs} runs: the last one is read`] : [],
    properties: propertiesOf(run),
  }
}

function propertiesOf(run: XtbRun): CalculationResult['properties'] {
  const { frequenciesPerCm, zeroPointHartree, enthalpyHartree, freeHartree, dipoleAu } = run
  return {
    ...(dipoleAu === null ? {} : { dipoleDebye: dipoleAu.map((x) => x * DEBYE_PER_E_BOHR) as Vector3 }),
    ...(run.trajectory.length === 0 ? {} : { trajectory: run.trajectory }),
    ...(frequenciesPerCm.length === 0 ? {} : { vibrationalFrequenciesPerCm: frequenciesPerCm }),
    ...(zeroPointHartree === null
      ? {}
      : {
          zeroPointEnergyEv: zeroPointHartree * EV_PER_HARTREE,
          enthalpyEv: scaled(enthalpyHartree, EV_PER_HARTREE),
          gibbsEnergyEv: scaled(freeHartree, EV_PER_HARTREE),
        }),
  }
}

function diagnosesOf(run: XtbRun, file: string): Diagnosis[] {
  if (run.finished || run.failed || run.diagnoses.length > 0) return run.diagnoses
  return [
    {
      kind: 'OUTPUT_INCOMPLETE',
      message: 'the output ends before xtb says that it finished',
      evidence: { file, line: null, text: '' },
    },
  ]
}
