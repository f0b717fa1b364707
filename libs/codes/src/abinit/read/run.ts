import { type Diagnosis, EV_PER_HARTREE, type IonicStep, type Vector3 } from '@crystalmath/contract/plain'
import { scaled } from '../../reading/numbers.ts'
import type { Echo } from './echo.ts'

/** One geometry of one dataset, in hartree and bohr where the name says so. */
export type AbinitStep = {
  energyHartree: number | null
  entropyHartree: number | null
  converged: boolean | null
  scfSteps: number
  forcesHartreePerBohr: Vector3[] | null
  /** As printed: xx yy zz and yz xz xy, tension positive. */
  stressHartreePerBohr3: { diagonal: number[]; off: number[] } | null
  cellBohr: Vector3[] | null
  positionsBohr: Vector3[] | null
}

export type AbinitRun = {
  version: string | null
  /** Of the ground state that is read, or the newest where none has one. */
  dataset: number
  /** The dataset that runs, until it begins a ground state of its own. */
  runningDataset: number | null
  /** Within an iteration of response functions: its `ETOT` is a second derivative of the energy. */
  response: boolean
  datasetCount: number
  rankCount: number | null
  threadCount: number | null
  wallSeconds: number | null
  cpuSeconds: number | null
  memoryMebibytes: number | null
  finished: boolean
  failed: boolean
  optimisation: 'none' | 'running' | 'converged' | 'failed'
  step: AbinitStep
  scfStepCounts: number[]
  /** Steps before the newest, where all was asked for. */
  trajectory: IonicStep[]
  fermiHartree: number | null
  functional: string | null
  magnetizationBohr: number | null
  before: Echo
  after: Echo
  runs: number
  diagnoses: Diagnosis[]
  warnings: string[]
}

export const newStep = (): AbinitStep => ({
  energyHartree: null,
  entropyHartree: null,
  converged: null,
  scfSteps: 0,
  forcesHartreePerBohr: null,
  stressHartreePerBohr3: null,
  cellBohr: null,
  positionsBohr: null,
})

export const ionicStep = ({ energyHartree, scfSteps }: AbinitStep): IonicStep => ({
  energyEv: scaled(energyHartree, EV_PER_HARTREE),
  scfStepCount: scfSteps,
})

export const newRun = (): AbinitRun => ({
  version: null,
  dataset: 1,
  runningDataset: null,
  response: false,
  datasetCount: 0,
  rankCount: null,
  threadCount: null,
  wallSeconds: null,
  cpuSeconds: null,
  memoryMebibytes: null,
  finished: false,
  failed: false,
  optimisation: 'none',
  step: newStep(),
  scfStepCounts: [],
  trajectory: [],
  fermiHartree: null,
  functional: null,
  magnetizationBohr: null,
  before: new Map(),
  after: new Map(),
  runs: 1,
  diagnoses: [],
  warnings: [],
})
