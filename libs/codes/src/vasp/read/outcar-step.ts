import type { Bands, Diagnosis, Matrix3, Vector3 } from '@crystalmath/contract'
import { loopConverged } from './ground-state.ts'
import type { LateBandEdges } from './outcar-bands.ts'
import type { Settings, VaspStep } from './run.ts'

/** What one ionic step of OUTCAR has told so far. */
export type StepDraft = {
  ionic: number
  scfCount: number
  free: number | null
  before: number | null
  zero: number | null
  entropy: number | null
  dispersion: number | null
  /** The statement that ended the electronic loop; null before it. */
  ended: 'reached' | 'not reached' | null
  lattice: Matrix3 | null
  positions: Vector3[] | null
  forces: Vector3[] | null
  stress: Matrix3 | null
  fermi: number | null
  /** Asked only for the last step. */
  edges: LateBandEdges | null
  bands: Bands | null
  magnetization: number[]
  drift: number | null
  kinetic: number | null
  temperature: number | null
  moments: Map<string, number[]>
  electrons: number[] | null
  machineLearned: boolean
  endedAt: Diagnosis['evidence'] | null
  forcesUnreadableAt: Diagnosis['evidence'] | null
}

export const newDraft = (ionic: number, lattice: Matrix3 | null): StepDraft => ({
  ionic,
  scfCount: 0,
  free: null,
  before: null,
  zero: null,
  entropy: null,
  dispersion: null,
  ended: null,
  lattice,
  positions: null,
  forces: null,
  stress: null,
  fermi: null,
  edges: null,
  bands: null,
  magnetization: [],
  drift: null,
  kinetic: null,
  temperature: null,
  moments: new Map(),
  electrons: null,
  machineLearned: false,
  endedAt: null,
  forcesUnreadableAt: null,
})

type RunSoFar = { readonly settings: Settings; readonly version: string | null }

/** VASP 5 says "EDIFF is reached" at NELM too: there the last energy change decides. */
function convergedOf(draft: StepDraft, { settings, version }: RunSoFar): boolean | null {
  if (draft.scfCount === 0 || draft.machineLearned) return null
  const change = draft.free === null || draft.before === null ? null : draft.free - draft.before
  const counted = loopConverged(draft.scfCount, change, settings)
  if (draft.ended === 'reached' && counted !== null && Number(version?.split('.')[0]) >= 6) return true
  return draft.ended === 'reached' ? counted : counted === null ? null : false
}

export function finishStep(
  draft: StepDraft,
  run: RunSoFar,
  energies: { readonly free: number | null; readonly zero: number | null },
): VaspStep {
  const { magnetization } = draft
  const [x, y, z] = magnetization
  return {
    freeEnergyEv: energies.free,
    sigmaZeroEnergyEv: energies.zero,
    scfEnergyEv: draft.zero,
    entropyTermEv: draft.entropy,
    dispersionEnergyEv: draft.dispersion,
    electronicConverged: convergedOf(draft, run),
    scfStepCount: draft.scfCount,
    latticeAngstrom: draft.lattice,
    positionsAngstrom: draft.positions,
    forcesEvPerAngstrom: draft.forces,
    stressKilobar: draft.stress,
    kineticEnergyEv: draft.kinetic,
    temperatureK: draft.temperature,
    fermiEnergyEv: draft.fermi,
    bandEdges: null,
    totalMagnetizationBohr: magnetization.length === 1 && run.settings.get('ISPIN') === '2' ? (x ?? null) : null,
    totalMagnetizationVectorBohr:
      magnetization.length === 3 && x !== undefined && y !== undefined && z !== undefined ? [x, y, z] : null,
    driftEvPerAngstrom: draft.drift,
    machineLearned: draft.machineLearned,
  }
}

/** Site moments: numbers from `magnetization (x)` alone, vectors from x, y and z. */
export function momentsOf({ moments }: StepDraft): number[] | Vector3[] | null {
  const [x, y, z] = [moments.get('x'), moments.get('y'), moments.get('z')]
  if (x === undefined || x.length === 0 || x.some(Number.isNaN)) return null
  if (y === undefined || z === undefined) return x
  return x.map((value, i): Vector3 => [value, y[i] ?? 0, z[i] ?? 0])
}
