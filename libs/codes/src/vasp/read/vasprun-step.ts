import type { Matrix3, Vector3 } from '@crystalmath/contract'
import { toNumber } from '../../reading/numbers.ts'
import type { BandEdges } from './band-edges.ts'
import { loopConverged, sigmaZero } from './ground-state.ts'
import type { Settings, VaspStep } from './run.ts'

type Energies = { free: number | null; zero: number | null; entropy: number | null; kinetic: number | null }

const noEnergies = (): Energies => ({ free: null, zero: null, entropy: null, kinetic: null })

/** Rows of three; null if there are none or one is unreadable. */
export function toVectors(flat: readonly number[]): Vector3[] | null {
  if (flat.length === 0 || flat.length % 3 !== 0) return null
  const rows: Vector3[] = []
  for (let i = 0; i < flat.length; i += 3) {
    const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = [flat[i], flat[i + 1], flat[i + 2]]
    if (Number.isNaN(x + y + z)) return null
    rows.push([x, y, z])
  }
  return rows
}

export function toMatrix(flat: readonly number[]): Matrix3 | null {
  const rows = toVectors(flat)
  if (rows?.length !== 3) return null
  const [a, b, c] = rows
  return a === undefined || b === undefined || c === undefined ? null : [a, b, c]
}

/** Fractional to cartesian. */
export const toCartesian = ([x, y, z]: Vector3, [a, b, c]: Matrix3): Vector3 => [
  x * a[0] + y * b[0] + z * c[0],
  x * a[1] + y * b[1] + z * c[1],
  x * a[2] + y * b[2] + z * c[2],
]

/** What one `<calculation>` of vasprun.xml tells, gathered while it passes. */
export class CalculationDraft {
  #electronic: Energies = noEnergies()
  #ionic: Energies | null = null
  #scfCount = 0
  #change: number | null = null
  #groundStateDone = false
  #kinetic: number | null = null
  lattice: Matrix3 | null = null
  fractional: Vector3[] | null = null
  forces: Vector3[] | null = null
  stress: Matrix3 | null = null
  fermiEnergyEv: number | null = null
  bandEdges: BandEdges | null = null
  forcesUnreadable = false
  exhaustedAt: { readonly line: number; readonly text: string } | null = null
  unreadableAt: { readonly line: number; readonly text: string } | null = null

  get scfCount(): number {
    return this.#scfCount
  }

  get inGroundState(): boolean {
    return !this.#groundStateDone
  }

  /** The structure follows the last electronic step of the ground state; later ones belong to a response. */
  endGroundState(): void {
    this.#groundStateDone = true
  }

  endElectronicStep(energies: ReadonlyMap<string, string>): void {
    if (this.#groundStateDone) return
    const now = toEnergies(energies)
    this.#change = now.free === null || this.#electronic.free === null ? null : now.free - this.#electronic.free
    this.#electronic = now
    this.#scfCount += 1
  }

  endEnergy(energies: ReadonlyMap<string, string>): void {
    this.#ionic ??= toEnergies(energies)
    this.#kinetic ??= toNumber(energies.get('kinetic'))
  }

  /** True once the loop has used up NELM. */
  exhausted(settings: Settings): boolean {
    return loopConverged(this.#scfCount, this.#change, settings) === false
  }

  finish(settings: Settings, version: string | null): VaspStep {
    const ionic = this.#ionic ?? noEnergies()
    const lattice = this.lattice
    const trusted = Number(version?.split('.')[0]) >= 6
    return {
      freeEnergyEv: ionic.free,
      sigmaZeroEnergyEv: sigmaZero(ionic, this.#electronic, trusted),
      entropyTermEv: this.#electronic.entropy,
      dispersionEnergyEv: null,
      electronicConverged: loopConverged(this.#scfCount, this.#change, settings),
      scfStepCount: this.#scfCount,
      latticeAngstrom: lattice,
      positionsAngstrom: lattice === null ? null : (this.fractional?.map((row) => toCartesian(row, lattice)) ?? null),
      forcesEvPerAngstrom: this.forces,
      stressKilobar: this.stress,
      kineticEnergyEv: this.#kinetic,
      temperatureK: null,
      fermiEnergyEv: this.fermiEnergyEv,
      bandEdges: this.bandEdges,
      totalMagnetizationBohr: null,
      totalMagnetizationVectorBohr: null,
      driftEvPerAngstrom: null,
      machineLearned: this.#scfCount === 0 && ionic.free !== null,
    }
  }
}

function toEnergies(energies: ReadonlyMap<string, string>): Energies {
  const read = (name: string): number | null => toNumber(energies.get(name))
  return { free: read('e_fr_energy'), zero: read('e_0_energy'), entropy: read('eentropy'), kinetic: read('kinetic') }
}
