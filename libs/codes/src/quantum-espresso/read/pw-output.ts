import { type CalculationResult, EV_PER_RYDBERG, type Reader, type Structure } from '@crystalmath/contract/plain'
import type { ReadOptions } from '../../code-reads.ts'
import { formulaOf, largestFreeNorm, largestNorm, volumeOf } from '../../reading/result.ts'
import { lineReader } from './line-reader.ts'
import { bandBeginnings, readLong, readPrinted } from './pw/bands.ts'
import { forceBeginnings } from './pw/forces.ts'
import { geometryBeginnings, headerGeometry, structureOf } from './pw/geometry.ts'
import { headerBeginnings } from './pw/header.ts'
import { bandsOf, edgesOfScf } from './pw/levels.ts'
import { methodOf } from './pw/method.ts'
import { motionBeginnings } from './pw/motion.ts'
import { scfBeginnings, withConstraints } from './pw/scf.ts'
import { siteBeginnings } from './pw/sites.ts'
import { type Geometry, newPwState, type PwState, restartPw, type Scf } from './pw/state.ts'
import { convergedRy, finishStep, forcesOf, isConverged, pressureOf, stressOf } from './pw/steps.ts'
import { addVerdicts } from './pw/verdicts.ts'
import type { Reported } from './reported.ts'
import { resultOfRun } from './reported.ts'
import { clockBeginnings, runBeginnings } from './run-facts.ts'
import { times } from './units.ts'

const BEGINNINGS = [
  ...scfBeginnings,
  ...bandBeginnings,
  ...forceBeginnings,
  ...geometryBeginnings,
  ...motionBeginnings,
  ...siteBeginnings,
  ...headerBeginnings,
  ...clockBeginnings,
  ...runBeginnings(restartPw),
]

/** Reads the standard output of `pw.x` (4.x to 7.x), any calculation. Broken text is a diagnosis with its line, never an exception. */
export function pwOutput(file: string, { full }: ReadOptions): Reader<Reported> {
  const state = newPwState(file, full)
  state.run.isImage = /(?:^|\/)PW\.out$/.test(file)
  return lineReader(BEGINNINGS, state, reportOf, { afterBlock: readLong })
}

function reportOf(state: PwState): Reported {
  finishStep(state)
  readPrinted(state)
  const run = resultOfRun(state.run)
  const { scf, header, next } = state
  for (const one of [scf, state.good]) if (one !== null) one.geometry = withConstraints(one.geometry, next?.fixed ?? null)
  const step = scf !== null && (scf.isBands || convergedRy(scf, header) !== null) ? scf : (state.good ?? scf)
  const result: CalculationResult = {
    ...run,
    ...motionOf(state),
    ...(step === null ? {} : quantitiesOf(step, state)),
    ...geometryOf(step?.geometry ?? headerGeometry(header), state),
    electronicConverged: scf === null ? null : isConverged(scf, header),
    ...(scf !== null && step === scf ? unconvergedOf(scf, state) : {}),
    scfStepCounts: state.scfStepCounts,
    maxMemoryMebibytes: header.totalMemoryMib ?? timesRanks(header.maxMemoryMib, state.run.mpiRankCount),
    method: methodOf(state),
    properties: propertiesOf(step, state),
  }
  return {
    program: state.run.program,
    result: addVerdicts(result, state),
    isImage: state.run.isImage,
    isBands: scf?.isBands === true,
  }
}

const timesRanks = (each: number | null, ranks: number | null): number | null => (each === null || ranks !== 1 ? null : each)

/** Energies, forces, stress and levels of one step. */
function quantitiesOf(scf: Scf, { header }: PwState): Partial<CalculationResult> {
  const energyEv = times(convergedRy(scf, header), EV_PER_RYDBERG)
  const forces = forcesOf(scf)
  const stress = stressOf(scf)
  const smeared = scf.entropyRy !== null || isSmeared(header.smearing)
  return {
    energyEv,
    energyKind: energyEv === null ? null : smeared ? 'free' : 'total',
    freeEnergyEv: energyEv,
    entropyTermEv: times(scf.entropyRy, EV_PER_RYDBERG),
    scfEnergyEv: energyEv,
    energyMethod: energyEv === null ? null : header.functional,
    dispersionEnergyEv: times(scf.dispersionRy, EV_PER_RYDBERG),
    forcesEvPerAngstrom: forces,
    maxForceEvPerAngstrom: largestNorm(forces),
    maxFreeForceEvPerAngstrom: largestFreeNorm(
      forces,
      scf.geometry?.fixed?.map(([x, y, z]): [boolean, boolean, boolean] => [x, y, z]),
    ),
    stressGpa: stress,
    pressureGpa: pressureOf(stress),
    kineticEnergyEv: times(scf.kineticRy, EV_PER_RYDBERG),
    temperatureK: scf.temperatureK,
    fermiEnergyEv: scf.fermiEv,
    totalMagnetizationBohr: scf.totalMagnetization,
    totalMagnetizationVectorBohr: scf.magnetizationVector,
    ...gapOf(scf, header),
    sites: sitesOf(scf),
  }
}

const isSmeared = (smearing: string | null): boolean => smearing !== null && smearing !== 'tetrahedron'

function gapOf(scf: Scf, header: PwState['header']): Partial<CalculationResult> {
  const edges = edgesOfScf(scf, header)
  return { ...edges, bandGapSource: edges.bandGapEv === null ? null : isPath(scf, header) ? 'path' : 'mesh' }
}

/** A path prints neither levels nor a Fermi energy. */
const isPath = (scf: Scf, header: PwState['header']): boolean =>
  scf.isBands && scf.highestEv === null && scf.fermiEv === null && header.smearing === null

function sitesOf(scf: Scf): CalculationResult['sites'] {
  if (scf.siteVectors.length > 0) return { 'atomic-sphere': { magneticMomentsBohr: scf.siteVectors } }
  return scf.siteMoments.length > 0 ? { 'atomic-sphere': { magneticMomentsBohr: scf.siteMoments } } : {}
}

/** What an SCF left that the program itself gave up, or that it was told to stop. */
function unconvergedOf(scf: Scf, { header, run }: PwState): Partial<CalculationResult> {
  const stopped = isConverged(scf, header) === false || (run.jobDone && isConverged(scf, header) === null && !scf.isBands)
  if (!stopped || convergedRy(scf, header) !== null) return {}
  return { unconvergedEnergyEv: times(scf.exchangeRy ?? scf.latestRy ?? scf.bangRy, EV_PER_RYDBERG) }
}

function geometryOf(geometry: Geometry | null, state: PwState): Partial<CalculationResult> {
  const structure = structureOf(geometry)
  const volumeBohr3 = state.header.volumeBohr3
  return {
    structure,
    continuationStructure: continuationOf(structure, state),
    formula: formulaOf(structure?.species ?? []),
    atomCount: structure?.species.length ?? state.header.atomCount,
    volumeAngstrom3: geometry === null ? times(volumeBohr3, 0.529177210903 ** 3) : volumeOf(geometry.latticeAngstrom),
  }
}

/** Where a restart would begin: the positions printed after the last step, if they moved. */
function continuationOf(structure: Structure | null, { next }: PwState): Structure | null {
  if (next === null || structure === null) return null
  const moved = next.positionsAngstrom.some((position, i) =>
    position.some((x, axis) => Math.abs(x - (structure.positionsAngstrom[i]?.[axis] ?? 0)) > 2e-6),
  )
  const strained = next.latticeAngstrom.some((row, i) =>
    row.some((x, axis) => Math.abs(x - (structure.latticeAngstrom?.[i]?.[axis] ?? 0)) > 2e-6),
  )
  return moved || strained ? structureOf(next) : null
}

function motionOf({ motion, run, trajectory }: PwState): Partial<CalculationResult> {
  const ended = run.jobDone && motion.kind === 'relax'
  return {
    ionicConverged: motion.kind === 'dynamics' ? null : (motion.converged ?? (ended ? false : null)),
    ionicStepCount: trajectory.length > 0 ? trajectory.length : null,
  }
}

function propertiesOf(step: Scf | null, state: PwState): CalculationResult['properties'] {
  const bands = state.full && step !== null ? bandsOf(step, state.header) : undefined
  const { scfCorrectionRy = null, totalForceRy = null, absoluteMagnetization = null, terms = {} } = step ?? {}
  return {
    ...(state.motion.kind === 'none' ? {} : { trajectory: state.trajectory }),
    ...(bands === undefined ? {} : { bands }),
    ...(absoluteMagnetization === null ? {} : { absoluteMagnetizationBohr: absoluteMagnetization }),
    ...(totalForceRy === null ? {} : { totalForceRyPerBohr: totalForceRy }),
    ...(scfCorrectionRy === null ? {} : { totalScfCorrectionRyPerBohr: scfCorrectionRy }),
    ...(Object.keys(terms).length === 0
      ? {}
      : { energyTermsEv: Object.fromEntries(Object.entries(terms).map(([name, ry]) => [name, ry * EV_PER_RYDBERG])) }),
  }
}
