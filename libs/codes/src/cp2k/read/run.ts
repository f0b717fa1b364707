import type { Diagnosis, IonicStep, Sites, Vector3 } from '@crystalmath/contract'
import type { ScfTrend } from './scf-trend.ts'

/** One run of CP2K as its output tells it, in hartree and bohr where the name says so; energy and forces are of its newest step. */
export type Cp2kRun = {
  version: string | null
  runType: string | null
  mpiRankCount: number | null
  threadsPerRank: number | null
  wallSeconds: number | null
  maxMemoryMebibytes: number | null
  ended: boolean
  aborted: boolean
  optimisation: 'none' | 'running' | 'converged' | 'failed'
  /** Of the newest SCF. */
  converged: boolean | null
  scfSteps: number
  /** Of the SCF that is running. */
  trend: ScfTrend | null
  scfStepCounts: number[]
  stepCount: number
  energyHartree: number | null
  entropyHartree: number | null
  dispersionHartree: number | null
  fermiHartree: number | null
  smeared: boolean
  forcesHartreePerBohr: Vector3[] | null
  stressGpa: Vector3[] | null
  /** As counted in the header, where no coordinates are printed. */
  atomCount: number | null
  lattice: Vector3[]
  /** As printed since the newest energy; the vectors have three digits only. */
  printedVolume: number | null
  /** The cell of the newest energy. */
  volumeAngstrom3: number | null
  /** Molecular dynamics that moves the cell. */
  cellMoves: boolean
  /** Of the first geometry: CP2K prints the others elsewhere. */
  species: string[]
  positionsAngstrom: Vector3[]
  sites: Sites
  homoEv: number | null
  functionals: string[]
  exactExchange: number | null
  charge: number | null
  multiplicity: number | null
  spinPolarized: boolean | null
  electronCount: number | null
  cutoffRydberg: number | null
  kMesh: Vector3 | null
  temperatureK: number | null
  dipoleDebye: Vector3 | null
  trajectory: IonicStep[]
  diagnoses: Diagnosis[]
  warnings: string[]
}

export const newRun = (): Cp2kRun => ({
  version: null,
  runType: null,
  mpiRankCount: null,
  threadsPerRank: null,
  wallSeconds: null,
  maxMemoryMebibytes: null,
  ended: false,
  aborted: false,
  optimisation: 'none',
  converged: null,
  scfSteps: 0,
  trend: null,
  scfStepCounts: [],
  stepCount: 0,
  energyHartree: null,
  entropyHartree: null,
  dispersionHartree: null,
  fermiHartree: null,
  smeared: false,
  forcesHartreePerBohr: null,
  stressGpa: null,
  atomCount: null,
  lattice: [],
  printedVolume: null,
  volumeAngstrom3: null,
  cellMoves: false,
  species: [],
  positionsAngstrom: [],
  sites: {},
  homoEv: null,
  functionals: [],
  exactExchange: null,
  charge: null,
  multiplicity: null,
  spinPolarized: null,
  electronCount: null,
  cutoffRydberg: null,
  kMesh: null,
  temperatureK: null,
  dipoleDebye: null,
  trajectory: [],
  diagnoses: [],
  warnings: [],
})

/** The run being read: another one from the next `PROGRAM STARTED` on. */
export type Context = { readonly file: string; readonly full: boolean; run: Cp2kRun }
