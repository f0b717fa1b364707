import type { Matrix3, Vector3 } from '@crystalmath/contract'
import { newPwState, type PwState } from '../pw/state.ts'

/** Frequencies of one q point; q in units of 2π/alat. */
export type Phonons = { readonly q: Vector3 | null; readonly frequenciesPerCm: (number | null)[] }

export type Image = { readonly energyEv: number | null; readonly errorEvPerAngstrom: number | null }

/** One line of a dynamics by cp.x: energies in hartree, temperature in K. */
export type CpStep = { readonly energyHartree: number | null; readonly temperatureK: number | null }

/** What the other programs of the suite tell beyond the header that they share with `pw.x`. */
export type SuiteState = PwState & {
  phonons: Phonons[]
  dielectric: Matrix3 | null
  bornCharges: Matrix3[]
  images: Image[]
  activationForwardEv: number | null
  activationBackwardEv: number | null
  pathIterations: number
  pathConverged: boolean | null
  /** All steps only where the full content is wanted. */
  cpSteps: CpStep[]
  /** Where the rows of steps have what; null before the names of their columns. */
  cpColumns: { readonly count: number; readonly energy: number; readonly temperature: number } | null
  cpStepCount: number
  /** Number of the last step that was counted, and of the block of quantities that goes on. */
  cpLastStep: number | null
  cpBlockStep: number | null
  cpTemperatureK: number | null
  cpEnergyHartree: number | null
  /** Electrons by atom (Löwdin), and spin polarisation. */
  loewdinElectrons: (number | null)[]
  loewdinSpins: (number | null)[]
}

const fresh = (): Omit<SuiteState, keyof PwState> => ({
  phonons: [],
  dielectric: null,
  bornCharges: [],
  images: [],
  activationForwardEv: null,
  activationBackwardEv: null,
  pathIterations: 0,
  pathConverged: null,
  cpSteps: [],
  cpColumns: null,
  cpStepCount: 0,
  cpLastStep: null,
  cpBlockStep: null,
  cpTemperatureK: null,
  cpEnergyHartree: null,
  loewdinElectrons: [],
  loewdinSpins: [],
})

export const newSuiteState = (file: string, full: boolean): SuiteState => ({ ...newPwState(file, full), ...fresh() })

export function restartSuite(state: SuiteState): void {
  const { run, ...rest } = newSuiteState(state.run.file, state.full)
  Object.assign(state, rest)
}
