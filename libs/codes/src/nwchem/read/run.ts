import type { Diagnosis, IonicStep, Vector3 } from '@crystalmath/contract'

/** One geometry, in hartree and bohr where the name says so. */
export type NwchemStep = {
  energyHartree: number | null
  scfHartree: number | null
  /** Of the root that TDDFT follows; `energyHartree` stays the ground state's. */
  excitedHartree: number | null
  /** `DFT`, `SCF`, `MP2`, `CCSD(T)`: the level of `energyHartree`. */
  level: string | null
  converged: boolean | null
  scfSteps: number
  gradientHartreePerBohr: Vector3[] | null
  /** The geometry as the gradient's table repeats it. */
  gradientAtBohr: Vector3[]
  species: string[]
  positionsAngstrom: Vector3[]
  homoHartree: number[]
  lumoHartree: number[]
  spinSquared: number | null
  spinSquaredIdeal: number | null
  dipoleAu: number[]
  dispersionHartree: number | null
}

export type NwchemRun = {
  version: string | null
  rankCount: number | null
  wallSeconds: number | null
  cpuSeconds: number | null
  finished: boolean
  failed: boolean
  optimisation: 'none' | 'running' | 'converged' | 'failed'
  step: NwchemStep
  /** The newest geometry that the optimiser accepted, `@ n` in the output. */
  accepted: NwchemStep | null
  acceptedNumber: number
  /** The step of the undisplaced geometry while `step` is one of finite differences. */
  undisplaced: NwchemStep | null
  /** A task has begun and has computed nothing yet. */
  newTask: boolean
  /** The newest task has said its times: nothing follows its energy. */
  taskEnded: boolean
  /** Its energy is one of the geometry that an earlier task has optimised. */
  afterOptimisation: boolean
  scfStepCounts: number[]
  trajectory: IonicStep[]
  functional: string | null
  charge: number | null
  multiplicity: number | null
  electronCount: number | null
  basisFunctionCount: number | null
  spinPolarized: boolean | null
  frequenciesPerCm: number[]
  zeroPointHartree: number | null
  inScf: { line: number; text: string } | null
  /** The minimisation in plane waves ran out of iterations. */
  planeWavesExhausted: boolean
  runs: number
  diagnoses: Diagnosis[]
}

export const newStep = (species: string[] = [], positionsAngstrom: Vector3[] = []): NwchemStep => ({
  energyHartree: null,
  scfHartree: null,
  excitedHartree: null,
  level: null,
  converged: null,
  scfSteps: 0,
  gradientHartreePerBohr: null,
  gradientAtBohr: [],
  species,
  positionsAngstrom,
  homoHartree: [],
  lumoHartree: [],
  spinSquared: null,
  spinSquaredIdeal: null,
  dipoleAu: [],
  dispersionHartree: null,
})

export const newRun = (): NwchemRun => ({
  version: null,
  rankCount: null,
  wallSeconds: null,
  cpuSeconds: null,
  finished: false,
  failed: false,
  optimisation: 'none',
  step: newStep(),
  accepted: null,
  acceptedNumber: -1,
  undisplaced: null,
  newTask: false,
  taskEnded: false,
  afterOptimisation: false,
  scfStepCounts: [],
  trajectory: [],
  functional: null,
  charge: null,
  multiplicity: null,
  electronCount: null,
  basisFunctionCount: null,
  spinPolarized: null,
  frequenciesPerCm: [],
  zeroPointHartree: null,
  inScf: null,
  planeWavesExhausted: false,
  runs: 1,
  diagnoses: [],
})

/** The run being read: another one from the next banner on. */
export type Context = { readonly file: string; readonly full: boolean; run: NwchemRun }
