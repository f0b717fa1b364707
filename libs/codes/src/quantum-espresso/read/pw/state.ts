import type { IonicStep, Matrix3, Vector3 } from '@crystalmath/contract'
import { newRun, type RunFacts } from '../run-facts.ts'

/** A geometry as printed: cell in Å, positions in Å in the order of the input. */
export type Geometry = {
  readonly latticeAngstrom: Matrix3
  readonly labels: readonly string[]
  readonly positionsAngstrom: readonly Vector3[]
  readonly fixed: readonly (readonly [boolean, boolean, boolean])[] | null
}

/** Eigenvalues of one k point and spin as printed, eV; `rows` still hold on to their block until they are read. */
export type PrintedBands = {
  readonly spin: 0 | 1
  /** Cartesian, units of 2π/alat. */
  readonly k: Vector3 | null
  rows: string[]
  energiesEv: (number | null)[] | null
  occupationRows: string[]
  occupations: (number | null)[] | null
}

/** One ionic step: a self-consistent calculation at one geometry (the loops of exact exchange or of a field taken together) and what follows from it. */
export type Scf = {
  geometry: Geometry | null
  /** A band-structure calculation (nscf, bands), without a total energy. */
  readonly isBands: boolean
  /** `!`: converged; with exact exchange only an inner loop. */
  bangRy: number | null
  bangSeen: boolean
  /** `!!`: exact exchange converged, too. */
  exchangeRy: number | null
  exchangeSeen: boolean
  /** The last `total energy` without a mark. */
  latestRy: number | null
  /** What the last loop says of itself. */
  loopConverged: boolean | null
  exchangeConverged: boolean | null
  /** Left in the middle of its iterations, by a stop that was asked for or by the time that ran out. */
  isStopped: boolean
  notConvergedAt: { readonly line: number; readonly text: string } | null
  iterations: number
  entropyRy: number | null
  dispersionRy: number | null
  /** Parts of the total energy by name, Ry. */
  terms: Record<string, number>
  totalMagnetization: number | null
  magnetizationVector: Vector3 | null
  absoluteMagnetization: number | null
  fermiEv: number | null
  fermiUpDownEv: readonly [number, number] | null
  highestEv: number | null
  lowestEv: number | null
  bands: PrintedBands[]
  siteMoments: number[]
  siteVectors: Vector3[]
  siteCharges: number[]
  forcesRy: Vector3[] | null
  totalForceRy: number | null
  scfCorrectionRy: number | null
  stressRy: Matrix3 | null
  kineticRy: number | null
  temperatureK: number | null
}

export const newScf = (geometry: Geometry | null, isBands: boolean): Scf => ({
  geometry,
  isBands,
  bangRy: null,
  bangSeen: false,
  exchangeRy: null,
  exchangeSeen: false,
  latestRy: null,
  loopConverged: null,
  exchangeConverged: null,
  isStopped: false,
  notConvergedAt: null,
  iterations: 0,
  entropyRy: null,
  dispersionRy: null,
  terms: {},
  totalMagnetization: null,
  magnetizationVector: null,
  absoluteMagnetization: null,
  fermiEv: null,
  fermiUpDownEv: null,
  highestEv: null,
  lowestEv: null,
  bands: [],
  siteMoments: [],
  siteVectors: [],
  siteCharges: [],
  forcesRy: null,
  totalForceRy: null,
  scfCorrectionRy: null,
  stressRy: null,
  kineticRy: null,
  temperatureK: null,
})

/** What the header of `pw.x` says. */
export type Header = {
  alatBohr: number | null
  volumeBohr3: number | null
  atomCount: number | null
  electronCount: number | null
  electronsUpDown: readonly [number, number] | null
  bandCount: number | null
  cutoffRy: number | null
  densityCutoffRy: number | null
  convThresholdRy: number | null
  energyThresholdRy: number | null
  forceThresholdRy: number | null
  functional: string | null
  exactExchangeFraction: number | null
  /** Exact exchange was iterated at least once. */
  exactExchange: boolean
  kPointCount: number | null
  /** Of all listed k points: 2 without spin polarisation, 1 with it, or 2 where the list has each k point for either spin (pw.x 5). */
  kWeightSum: number
  smearing: string | null
  smearingWidthRy: number | null
  noncollinear: boolean
  spinOrbit: boolean
  spinPolarized: boolean
  dispersion: string | null
  readonly hubbardU: Record<string, number>
  /** Valence electrons by species label. */
  readonly valences: Record<string, number>
  readonly pseudopotentials: { element: string; title: string; hash: string | null }[]
  maxMemoryMib: number | null
  totalMemoryMib: number | null
  axes: Vector3[]
  axisDecimals: number
  labels: string[]
  /** Units of alat. */
  positions: Vector3[]
  positionDecimals: number
  /** Cartesian, units of 2π/alat, with weights; only where the full content is wanted. */
  kPoints: { k: Vector3; weight: number }[]
}

export const newHeader = (): Header => ({
  alatBohr: null,
  volumeBohr3: null,
  atomCount: null,
  electronCount: null,
  electronsUpDown: null,
  bandCount: null,
  cutoffRy: null,
  densityCutoffRy: null,
  convThresholdRy: null,
  energyThresholdRy: null,
  forceThresholdRy: null,
  functional: null,
  exactExchangeFraction: null,
  exactExchange: false,
  kPointCount: null,
  kWeightSum: 0,
  smearing: null,
  smearingWidthRy: null,
  noncollinear: false,
  spinOrbit: false,
  spinPolarized: false,
  dispersion: null,
  hubbardU: {},
  valences: {},
  pseudopotentials: [],
  maxMemoryMib: null,
  totalMemoryMib: null,
  axes: [],
  axisDecimals: 0,
  labels: [],
  positions: [],
  positionDecimals: 0,
  kPoints: [],
})

/** How the ions move, by the program's own words. */
export type Motion = {
  /** The header names a number of ionic steps (`nstep`), which it does for relaxations and dynamics only. */
  planned: boolean
  /** The charge density was carried over to a new geometry. */
  moved: boolean
  kind: 'none' | 'relax' | 'dynamics'
  converged: boolean | null
  stepsExhausted: boolean
  historyFailed: boolean
  finalCoordinates: boolean
  finalScf: boolean
  /** Of `(criteria: …)`: Ry/bohr and kbar. */
  forceCriterionRy: number | null
  cellCriterionKbar: number | null
  finalEnthalpyRy: number | null
}

export const newMotion = (): Motion => ({
  planned: false,
  moved: false,
  kind: 'none',
  converged: null,
  stepsExhausted: false,
  historyFailed: false,
  finalCoordinates: false,
  finalScf: false,
  forceCriterionRy: null,
  cellCriterionKbar: null,
  finalEnthalpyRy: null,
})

export type PwState = {
  run: RunFacts
  readonly full: boolean
  header: Header
  motion: Motion
  /** The step that goes on; null before the first. */
  scf: Scf | null
  /** The newest step before it that has an energy. */
  good: Scf | null
  /** One entry per finished step with an energy; forces and structures only where the full content is wanted. */
  trajectory: IonicStep[]
  /** Of the last step before the final SCF at a relaxed cell; the target is the pressure asked for. */
  beforeFinal: { readonly stressGpa: Matrix3; readonly targetGpa: number } | null
  scfStepCounts: number[]
  /** Printed after a step: where the next one begins. */
  nextCell: Matrix3 | null
  next: Geometry | null
  /** Of the eigenvalues that are printed next. */
  spin: 0 | 1
  /** Characters of eigenvalues that are not read yet. */
  waitingLength: number
}

export const newPwState = (file: string, full: boolean): PwState => ({
  run: newRun(file),
  full,
  header: newHeader(),
  motion: newMotion(),
  scf: null,
  good: null,
  trajectory: [],
  beforeFinal: null,
  scfStepCounts: [],
  nextCell: null,
  next: null,
  spin: 0,
  waitingLength: 0,
})

export function restartPw(state: PwState): void {
  const { run, ...fresh } = newPwState(state.run.file, state.full)
  Object.assign(state, fresh)
}
