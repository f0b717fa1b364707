import {
  ANGSTROM_PER_BOHR,
  type CalculationResult,
  EV_PER_HARTREE,
  GPA_PER_HARTREE_PER_BOHR3,
  type Matrix3,
  type Structure,
  type Vector3,
} from '@crystalmath/contract/plain'
import type { ReadingOf } from '../../code-reads.ts'
import { newest } from '../../reading/newest.ts'
import { scaled } from '../../reading/numbers.ts'
import { coreHoursOf, emptyResult, formulaOf, largestNorm, volumeOf } from '../../reading/result.ts'
import { echoed, speciesOf, structureOf } from './echo.ts'
import type { readers } from './readers.ts'
import { type AbinitRun, type AbinitStep, ionicStep } from './run.ts'

const FORCE = EV_PER_HARTREE / ANGSTROM_PER_BOHR

/** The newest output decides. */
export function combine(readings: readonly ReadingOf<typeof readers>[]): CalculationResult {
  const main = newest(readings)
  return main === null ? emptyResult('abinit') : resultOf(main.value, main.file)
}

function resultOf(run: AbinitRun, file: string): CalculationResult {
  const { step } = run
  const species = speciesOf(run.after.size > 0 ? run.after : run.before, run.dataset) ?? []
  const structure = geometryOf(run, species)
  const [occupations = 1] = setting(run, 'occopt') ?? []
  const smeared = occupations >= 3 && occupations <= 8
  const energyEv = scaled(step.energyHartree, EV_PER_HARTREE)
  const settled = step.converged === true
  const gradient = step.forcesHartreePerBohr
  const forces =
    gradient !== null && gradient.length === species.length && species.length > 0
      ? gradient.map(([x, y, z]): Vector3 => [x * FORCE, y * FORCE, z * FORCE])
      : null
  const stress = stressOf(step)
  const coreCount = run.rankCount === null ? null : run.rankCount * (run.threadCount ?? 1)
  return {
    ...emptyResult('abinit'),
    codeVersion: run.version,
    termination: run.finished ? 'normal' : run.failed ? 'error' : 'truncated',
    electronicConverged: step.converged,
    ionicConverged: run.optimisation === 'none' ? null : run.optimisation === 'converged',
    energyEv: settled ? energyEv : null,
    energyKind: settled && energyEv !== null ? (smeared ? 'free' : 'total') : null,
    unconvergedEnergyEv: step.converged === false ? energyEv : null,
    freeEnergyEv: settled && smeared ? energyEv : null,
    entropyTermEv: smeared ? scaled(step.entropyHartree, EV_PER_HARTREE) : null,
    energyMethod: run.functional,
    forcesEvPerAngstrom: forces,
    maxForceEvPerAngstrom: largestNorm(forces),
    stressGpa: stress,
    pressureGpa: stress === null ? null : -(stress[0][0] + stress[1][1] + stress[2][2]) / 3,
    structure,
    formula: formulaOf(species),
    atomCount: species.length === 0 ? null : species.length,
    volumeAngstrom3: structure?.latticeAngstrom == null ? null : volumeOf(structure.latticeAngstrom),
    ionicStepCount: run.scfStepCounts.length + (step.converged === null ? 0 : 1),
    scfStepCounts: step.scfSteps > 0 && step.converged !== null ? [...run.scfStepCounts, step.scfSteps] : run.scfStepCounts,
    fermiEnergyEv: smeared ? scaled(run.fermiHartree, EV_PER_HARTREE) : null,
    totalMagnetizationBohr: run.magnetizationBohr,
    mpiRankCount: run.rankCount,
    threadsPerRank: run.rankCount === null ? null : (run.threadCount ?? 1),
    coreCount,
    wallSeconds: run.wallSeconds,
    cpuSeconds: run.cpuSeconds,
    coreHours: coreHoursOf(run.wallSeconds, coreCount),
    method: methodOf(run, smeared),
    diagnoses: diagnosesOf(run, file),
    properties:
      run.trajectory.length === 0
        ? {}
        : { trajectory: step.converged === true ? [...run.trajectory, ionicStep(step)] : run.trajectory },
    warnings: [...run.warnings, ...(run.runs > 1 ? [`the file holds ${run.runs} runs: the last one is read`] : [])],
  }
}

const setting = (run: AbinitRun, name: string): number[] | undefined =>
  echoed(run.after, name, run.dataset) ?? echoed(run.before, name, run.dataset)

/** Of a relaxation each step prints its geometry; a static one has only that of the input. */
function geometryOf(run: AbinitRun, species: string[]): Structure | null {
  if (run.after.size > 0) return structureOf(run.after, run.dataset)
  if (run.optimisation === 'none') return structureOf(run.before, run.dataset)
  const { cellBohr, positionsBohr } = run.step
  const [a, b, c] = (cellBohr ?? []).map(angstrom)
  if (a === undefined || b === undefined || c === undefined || positionsBohr?.length !== species.length) return null
  return { latticeAngstrom: [a, b, c], species, positionsAngstrom: positionsBohr.map(angstrom) }
}

const angstrom = ([x, y, z]: Vector3): Vector3 => [x * ANGSTROM_PER_BOHR, y * ANGSTROM_PER_BOHR, z * ANGSTROM_PER_BOHR]

function stressOf({ stressHartreePerBohr3 }: AbinitStep): Matrix3 | null {
  const [xx, yy, zz] = (stressHartreePerBohr3?.diagonal ?? []).map((one) => one * GPA_PER_HARTREE_PER_BOHR3)
  const [yz, xz, xy] = (stressHartreePerBohr3?.off ?? []).map((one) => one * GPA_PER_HARTREE_PER_BOHR3)
  if (xx === undefined || yy === undefined || zz === undefined || yz === undefined || xz === undefined || xy === undefined)
    return null
  if (![xx, yy, zz, yz, xz, xy].every(Number.isFinite)) return null
  return [
    [xx, xy, xz],
    [xy, yy, yz],
    [xz, yz, zz],
  ]
}

function methodOf(run: AbinitRun, smeared: boolean): CalculationResult['method'] {
  if (run.version === null && run.before.size === 0) return null
  const [ecut] = setting(run, 'ecut') ?? []
  const [pawecutdg] = setting(run, 'pawecutdg') ?? []
  const [tsmear] = setting(run, 'tsmear') ?? []
  const [nsppol = 1] = setting(run, 'nsppol') ?? []
  const [charge] = setting(run, 'charge') ?? []
  return {
    functional: run.functional,
    cutoffEv: scaled(ecut, EV_PER_HARTREE),
    densityCutoffEv: pawecutdg !== undefined && pawecutdg > 0 ? pawecutdg * EV_PER_HARTREE : null,
    kPointCount: setting(run, 'nkpt')?.[0] ?? null,
    bandCount: setting(run, 'nband')?.[0] ?? null,
    spinPolarized: nsppol === 2,
    smearingWidthEv: smeared ? scaled(tsmear, EV_PER_HARTREE) : null,
    charge: charge ?? null,
  }
}

function diagnosesOf(run: AbinitRun, file: string): CalculationResult['diagnoses'] {
  if (run.finished || run.failed || run.diagnoses.length > 0) return run.diagnoses
  return [
    {
      kind: 'OUTPUT_INCOMPLETE',
      message: 'the output ends before ABINIT says "Calculation completed"',
      evidence: { file, line: null, text: '' },
    },
  ]
}
