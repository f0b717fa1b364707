import type { Bands, Diagnosis, Dos, Matrix3, Properties, Vector3 } from '@crystalmath/contract'
import type { BandEdges } from './band-edges.ts'
import type { Finding } from './find-messages.ts'

/** One ionic step as one file tells it. Energies eV, forces eV/Å, stress kB with VASP's sign (pressure positive). */
export type VaspStep = {
  /** TOTEN, force-consistent. */
  readonly freeEnergyEv: number | null
  /** energy(sigma->0). */
  readonly sigmaZeroEnergyEv: number | null
  /** energy(sigma->0) of the last electronic step: without dispersion corrections. */
  readonly scfEnergyEv: number | null
  /** EENTRO, −TS. */
  readonly entropyTermEv: number | null
  readonly dispersionEnergyEv: number | null
  /** By the program's own statement, or by counting; null where no ground-state loop was run. */
  readonly electronicConverged: boolean | null
  readonly scfStepCount: number | null
  readonly latticeAngstrom: Matrix3 | null
  /** Cartesian, Å. */
  readonly positionsAngstrom: readonly Vector3[] | null
  readonly forcesEvPerAngstrom: readonly Vector3[] | null
  readonly stressKilobar: Matrix3 | null
  readonly kineticEnergyEv: number | null
  readonly temperatureK: number | null
  readonly fermiEnergyEv: number | null
  readonly bandEdges: BandEdges | null
  readonly totalMagnetizationBohr: number | null
  readonly totalMagnetizationVectorBohr: Vector3 | null
  /** Of the total drift of the forces, eV/Å. */
  readonly driftEvPerAngstrom: number | null
  /** Predicted by a force field, no electrons. */
  readonly machineLearned: boolean
}

/** Kept for every step. */
export type StepSummary = Pick<
  VaspStep,
  'freeEnergyEv' | 'sigmaZeroEnergyEv' | 'scfStepCount' | 'temperatureK' | 'kineticEnergyEv'
> & {
  readonly maxForceEvPerAngstrom: number | null
  /** Only where the full content was asked for. */
  readonly step: VaspStep | null
}

export type Potential = {
  readonly title: string
  readonly element: string
  readonly hash: string | null
  /** Valence electrons, ZVAL. */
  readonly valence: number | null
  readonly atomCount: number | null
}

/** Values of INCAR tags, upper-case, as texts; of the run as it was made, defaults included. */
export type Settings = ReadonlyMap<string, string>

/** What vasprun.xml or OUTCAR says of one run. */
export type VaspRun = {
  readonly version: string | null
  /** Its own last line is there. */
  readonly complete: boolean
  readonly lastLine: { readonly line: number; readonly text: string } | null
  readonly settings: Settings
  /** What the user set, as far as the file repeats it. */
  readonly given: Settings
  readonly species: readonly string[] | null
  readonly potentials: readonly Potential[]
  readonly stepCount: number
  readonly stepsStarted: number
  readonly scfStepCounts: readonly number[]
  readonly steps: readonly StepSummary[]
  readonly last: VaspStep | null
  /** The geometry that stands outside of ionic steps (GW, response, the last one of a run). */
  readonly still: { readonly lattice: Matrix3; readonly positions: readonly Vector3[] } | null
  /** "reached required accuracy"; null where the file never states it (vasprun.xml). */
  readonly requiredAccuracyReached: boolean | null
  /** A STOPCAR ended it. */
  readonly stopped: boolean
  readonly kPointCount: number | null
  readonly kMesh: Vector3 | null
  /** The k points are a list or a path, not a mesh. */
  readonly kPath: boolean
  readonly siteMoments: number[] | Vector3[] | null
  /** Electrons within the projection spheres. */
  readonly siteElectrons: readonly number[] | null
  readonly mpiRankCount: number | null
  readonly threadsPerRank: number | null
  readonly wallSeconds: number | null
  readonly cpuSeconds: number | null
  readonly maxMemoryMebibytes: number | null
  /** GW: eigenvalues are quasiparticle energies. */
  readonly quasiparticle: boolean
  /** Band edges of a run without ionic steps (GW). */
  readonly looseEdges: BandEdges | null
  /** Norm of the total drift, mean of the last three steps, eV/Å. */
  readonly meanDriftEvPerAngstrom: number | null
  /** Electrons as integrated at the end. */
  readonly countedElectrons: number | null
  /** Messages that stand in the file. */
  readonly findings: readonly Finding[]
  /** Selective dynamics: directions that may not move. */
  readonly fixed: readonly [boolean, boolean, boolean][] | null
  readonly dos: Dos | null
  readonly bands: Bands | null
  readonly properties: Properties
  readonly diagnoses: readonly Diagnosis[]
  readonly warnings: readonly string[]
}

/** A run of which nothing is known. */
export const emptyRun = (): VaspRun => ({
  version: null,
  complete: false,
  lastLine: null,
  settings: new Map(),
  given: new Map(),
  species: null,
  potentials: [],
  stepCount: 0,
  stepsStarted: 0,
  scfStepCounts: [],
  steps: [],
  last: null,
  still: null,
  requiredAccuracyReached: null,
  stopped: false,
  kPointCount: null,
  kMesh: null,
  kPath: false,
  siteMoments: null,
  siteElectrons: null,
  mpiRankCount: null,
  threadsPerRank: null,
  wallSeconds: null,
  cpuSeconds: null,
  maxMemoryMebibytes: null,
  quasiparticle: false,
  looseEdges: null,
  meanDriftEvPerAngstrom: null,
  countedElectrons: null,
  findings: [],
  fixed: null,
  dos: null,
  bands: null,
  properties: {},
  diagnoses: [],
  warnings: [],
})
