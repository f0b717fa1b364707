import type { Bands, CalculationResult, Diagnosis, Properties, Structure } from '@crystalmath/contract'
import { coreHoursOf, emptyResult, formulaOf } from '../../reading/result.ts'
import type { BandsReading, CentresReading, LabelsReading, PathReading } from './bands.ts'
import type { WerrReading } from './errors.ts'
import type { WoutReading } from './run.ts'

export type Found = {
  readonly output?: WoutReading
  readonly error?: WerrReading
  readonly bands?: BandsReading
  readonly path?: PathReading
  readonly labels?: LabelsReading
  readonly centres?: CentresReading
}

/** The main output decides; the other files add errors, bands and, without it, atoms. */
export function resultOf(found: Found, full: boolean): CalculationResult {
  const { output, error } = found
  const diagnoses = [...(output?.diagnoses ?? []), ...(error?.diagnoses ?? [])]
  const cause = withoutEcho(diagnoses)
  const structure = output === undefined ? atomsOnly(found.centres) : structureOf(output)
  const properties = { ...(output === undefined ? {} : spreadsOf(output)), ...(full ? bandsOf(found) : {}) }
  return {
    ...emptyResult('wannier90'),
    codeVersion: output?.version ?? null,
    termination:
      error !== undefined || output?.failed === true ? 'error' : output === undefined || output.done ? 'normal' : 'truncated',
    structure,
    formula: structure === null ? null : formulaOf(structure.species),
    atomCount: structure?.species.length ?? null,
    volumeAngstrom3: output?.volume ?? null,
    mpiRankCount: output?.ranks ?? null,
    coreCount: output?.ranks ?? null,
    wallSeconds: output?.wallSeconds ?? null,
    coreHours: coreHoursOf(output?.wallSeconds ?? null, output?.ranks ?? null),
    method: output === undefined || Object.keys(output.method).length === 0 ? null : output.method,
    diagnoses: cause,
    warnings: output?.warnings ?? [],
    properties,
  }
}

/** An unfinished output beside an error file is that error, and one error told twice is told once. */
function withoutEcho(diagnoses: readonly Diagnosis[]): Diagnosis[] {
  const others = diagnoses.filter(({ kind }) => kind !== 'OUTPUT_INCOMPLETE')
  const kept = others.length > 0 ? others : diagnoses
  const told = kept.filter(({ kind }) => kind !== 'EXITING_MESSAGE_IN_STDOUT' && kind !== 'WERR_FILE_PRESENT')
  return told.length > 0 ? [...told, ...kept.filter((diagnosis) => !told.includes(diagnosis))] : [...kept]
}

function structureOf({ lattice, species, positions, sitesWhole }: WoutReading): Structure | null {
  if (!sitesWhole || species.length === 0 || lattice === null || positions.flat().some(Number.isNaN)) return null
  return { latticeAngstrom: lattice, species: [...species], positionsAngstrom: [...positions] }
}

function atomsOnly(centres: CentresReading | undefined): Structure | null {
  if (centres === undefined || centres.species.length === 0) return null
  return { latticeAngstrom: null, species: [...centres.species], positionsAngstrom: [...centres.positions] }
}

function spreadsOf(run: WoutReading): Properties {
  const { spreads, centres, disentangled } = run
  if (run.postprocessing) return { postprocessingSetup: true }
  return {
    spreadTotalAngstrom2: spreads.total,
    spreadInvariantAngstrom2: spreads.invariant,
    spreadDiagonalAngstrom2: spreads.diagonal,
    spreadOffDiagonalAngstrom2: spreads.offDiagonal,
    ...(disentangled === null ? {} : { disentanglementConverged: disentangled }),
    ...(run.converged === null ? {} : { wannierisationConverged: run.converged }),
    ...(run.wannierCount === null ? {} : { wannierFunctionCount: run.wannierCount }),
    ...(centres === null
      ? {}
      : { wannierCentres: centres.map(({ centre, spread }) => ({ centreAngstrom: centre, spreadAngstrom2: spread })) }),
  }
}

function bandsOf({ bands, path, labels }: Found): { bands?: Bands } {
  if (bands === undefined || bands.bands.length === 0) return {}
  const count = bands.distances.length
  const kPoints = path?.kPoints.length === count ? path.kPoints : undefined
  if (kPoints === undefined) return {}
  const eigenvaluesEv = [kPoints.map((_, k) => bands.bands.map((row) => row[k] ?? null))]
  return { bands: { kPoints: [...kPoints], eigenvaluesEv, ...(labels === undefined ? {} : { labels: labels.labels }) } }
}
