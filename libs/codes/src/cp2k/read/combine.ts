import {
  ANGSTROM_PER_BOHR,
  type CalculationResult,
  EV_PER_HARTREE,
  EV_PER_RYDBERG,
  type Matrix3,
  type Vector3,
} from '@crystalmath/contract/plain'
import type { ReadingOf } from '../../code-reads.ts'
import { newest } from '../../reading/newest.ts'
import { scaled } from '../../reading/numbers.ts'
import { coreHoursOf, emptyResult, formulaOf, largestNorm, volumeOf } from '../../reading/result.ts'
import type { readers } from './readers.ts'
import type { Cp2kRun } from './run.ts'
import { troubleOf } from './scf-trend.ts'

const FORCE = EV_PER_HARTREE / ANGSTROM_PER_BOHR

/** The newest output decides. */
export function combine(readings: readonly ReadingOf<typeof readers>[]): CalculationResult {
  const main = newest(readings)
  return main === null ? emptyResult('cp2k') : resultOf(main.value, main.file)
}

function volumeOfRun(
  { volumeAngstrom3, printedVolume, runType, cellMoves, stepCount }: Cp2kRun,
  lattice: Matrix3 | null,
): number | null {
  const stays = runType !== 'CELL_OPT' && !cellMoves
  if (volumeAngstrom3 !== null) return volumeAngstrom3
  return stays || stepCount === 0 ? (printedVolume ?? (lattice === null ? null : volumeOf(lattice))) : null
}

function resultOf(run: Cp2kRun, file: string): CalculationResult {
  const unconverged = run.converged === false
  const coreCount = run.mpiRankCount === null || run.threadsPerRank === null ? null : run.mpiRankCount * run.threadsPerRank
  const energyEv = scaled(run.energyHartree, EV_PER_HARTREE)
  const atomCount = run.species.length
  const whole = run.forcesHartreePerBohr !== null && run.forcesHartreePerBohr.length === atomCount && atomCount > 0
  const forces = whole ? (run.forcesHartreePerBohr?.map(([x, y, z]): Vector3 => [x * FORCE, y * FORCE, z * FORCE]) ?? null) : null
  const lattice = matrixOf(run.lattice)
  const functional = functionalOf(run)
  const stress = matrixOf(run.stressGpa ?? [])
  const stayed = run.stepCount <= 1 && run.optimisation === 'none'
  return {
    ...emptyResult('cp2k'),
    codeVersion: run.version,
    termination: run.ended ? 'normal' : run.aborted ? 'error' : 'truncated',
    electronicConverged: run.converged,
    ionicConverged: run.optimisation === 'none' ? null : run.optimisation === 'converged',
    energyEv: unconverged ? null : energyEv,
    energyKind: unconverged || energyEv === null ? null : run.smeared ? 'free' : 'total',
    unconvergedEnergyEv: unconverged ? energyEv : null,
    freeEnergyEv: run.smeared && !unconverged ? energyEv : null,
    entropyTermEv: run.smeared ? scaled(run.entropyHartree, EV_PER_HARTREE) : null,
    dispersionEnergyEv: scaled(run.dispersionHartree, EV_PER_HARTREE),
    energyMethod: functional,
    forcesEvPerAngstrom: forces,
    maxForceEvPerAngstrom: largestNorm(forces),
    stressGpa: stress,
    pressureGpa: stress === null ? null : -(stress[0][0] + stress[1][1] + stress[2][2]) / 3,
    structure:
      stayed && atomCount > 0
        ? { latticeAngstrom: lattice, species: run.species, positionsAngstrom: run.positionsAngstrom }
        : null,
    formula: formulaOf(run.species),
    atomCount: atomCount === 0 ? run.atomCount : atomCount,
    volumeAngstrom3: volumeOfRun(run, lattice),
    temperatureK: run.temperatureK,
    ionicStepCount: run.stepCount,
    scfStepCounts: run.scfStepCounts,
    fermiEnergyEv: run.smeared ? scaled(run.fermiHartree, EV_PER_HARTREE) : null,
    sites: sitesOf(run),
    mpiRankCount: run.mpiRankCount,
    threadsPerRank: run.threadsPerRank,
    coreCount,
    wallSeconds: run.wallSeconds,
    coreHours: coreHoursOf(run.wallSeconds, coreCount),
    maxMemoryMebibytes: run.maxMemoryMebibytes,
    method: {
      functional,
      charge: run.charge,
      multiplicity: run.multiplicity,
      spinPolarized: run.spinPolarized,
      cutoffEv: Number.isFinite(run.cutoffRydberg) ? scaled(run.cutoffRydberg, EV_PER_RYDBERG) : null,
      kMesh: run.kMesh,
    },
    diagnoses: diagnosesOf(run, file),
    warnings: run.warnings,
    properties: run.trajectory.length === 0 ? {} : { trajectory: run.trajectory },
  }
}

/** CP2K names the parts; a hybrid's exchange stands apart. */
function functionalOf({ functionals, exactExchange }: Cp2kRun): string | null {
  const name = functionals.length === 0 ? null : functionals.join('+')
  if (exactExchange === null || exactExchange === 0) return name
  if (name === 'PBE' && exactExchange === 0.25) return 'PBE0'
  return name === null ? 'HF' : `${name}+${exactExchange}HF`
}

/** Rows of finite numbers, all three of them. */
function matrixOf(rows: readonly Vector3[]): Matrix3 | null {
  const [a, b, c] = rows
  return a === undefined || b === undefined || c === undefined ? null : [a, b, c]
}

const sitesOf = ({ sites, species }: Cp2kRun): CalculationResult['sites'] =>
  Object.fromEntries(
    Object.entries(sites).filter(([, { charges }]) => charges !== undefined && charges.length === species.length),
  )

function diagnosesOf(run: Cp2kRun, file: string): CalculationResult['diagnoses'] {
  const trouble = run.trend === null || run.converged === true ? null : troubleOf(run.trend, file)
  const said = trouble === null ? run.diagnoses : [trouble, ...run.diagnoses]
  if (run.ended || run.aborted || run.diagnoses.length > 0) return said
  return [
    ...said,
    {
      kind: 'OUTPUT_INCOMPLETE',
      message: 'the output ends before CP2K says that it ended',
      evidence: { file, line: null, text: '' },
    },
  ]
}
