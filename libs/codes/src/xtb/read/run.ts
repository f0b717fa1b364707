import type { Diagnosis, IonicStep, Vector3 } from '@crystalmath/contract'

/** What one run of xtb says, in its own units (hartree, bohr, Debye) where the name says so. */
export type XtbRun = {
  version: string | null
  hamiltonian: string | null
  energyHartree: number | null
  /** Of the newest electronic calculation. */
  converged: boolean | null
  optimisation: 'none' | 'running' | 'converged' | 'failed'
  cycles: number
  scfSteps: number[]
  /** One per cycle of an optimisation, where all was asked for. */
  trajectory: IonicStep[]
  homoEv: number | null
  lumoEv: number | null
  electronCount: number | null
  basisFunctionCount: number | null
  charge: number | null
  unpaired: number | null
  dispersionHartree: number | null
  /** Element of each atom, from the table of the set-up; in order, without holes in a whole output. */
  elements: string[]
  species: string[]
  positionsAngstrom: Vector3[]
  dipoleAu: Vector3 | null
  frequenciesPerCm: number[]
  temperatureK: number | null
  zeroPointHartree: number | null
  enthalpyHartree: number | null
  freeHartree: number | null
  threads: number | null
  wallSeconds: number | null
  cpuSeconds: number | null
  finished: boolean
  failed: boolean
  runs: number
  diagnoses: Diagnosis[]
}

/** The run being read: another one from the next banner on. */
export type State = { run: XtbRun }

export const newRun = (): XtbRun => ({
  version: null,
  hamiltonian: null,
  energyHartree: null,
  converged: null,
  optimisation: 'none',
  cycles: 0,
  scfSteps: [],
  trajectory: [],
  homoEv: null,
  lumoEv: null,
  electronCount: null,
  basisFunctionCount: null,
  charge: null,
  unpaired: null,
  dispersionHartree: null,
  elements: [],
  species: [],
  positionsAngstrom: [],
  dipoleAu: null,
  frequenciesPerCm: [],
  temperatureK: null,
  zeroPointHartree: null,
  enthalpyHartree: null,
  freeHartree: null,
  threads: null,
  wallSeconds: null,
  cpuSeconds: null,
  finished: false,
  failed: false,
  runs: 1,
  diagnoses: [],
})
