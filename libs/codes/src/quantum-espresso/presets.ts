import { EV_PER_RYDBERG } from '@crystalmath/contract/plain'
import type { PresetTable } from '../code-writes.ts'

/** Settings that stand where the user gives none. Energies in rydberg as pw.x takes them. */
export type Preset = {
  /** Distance of k points, 1/Å with 2π included. */
  readonly kSpacingPerAngstrom: number
  /** Ry per atom, so that a threshold means the same in large cells. */
  readonly convergenceRydbergPerAtom: number
  readonly energyRydbergPerAtom: number
  /** Ry/bohr. */
  readonly forceRydbergPerBohr: number
  /** On the suggestion of the pseudopotentials. */
  readonly cutoffFactor: number
  readonly smearingWidthEv: number
}

/** From quick looks to tight results; everything can be overridden one by one. */
export const PRESETS = {
  fast: {
    kSpacingPerAngstrom: 0.3,
    convergenceRydbergPerAtom: 4e-10,
    energyRydbergPerAtom: 1e-4,
    forceRydbergPerBohr: 1e-3,
    cutoffFactor: 1,
    smearingWidthEv: 0.02 * EV_PER_RYDBERG,
  },
  moderate: {
    kSpacingPerAngstrom: 0.2,
    convergenceRydbergPerAtom: 2e-10,
    energyRydbergPerAtom: 1e-5,
    forceRydbergPerBohr: 1e-4,
    cutoffFactor: 1,
    smearingWidthEv: 0.01 * EV_PER_RYDBERG,
  },
  precise: {
    kSpacingPerAngstrom: 0.1,
    convergenceRydbergPerAtom: 1e-10,
    energyRydbergPerAtom: 5e-6,
    forceRydbergPerBohr: 5e-5,
    cutoffFactor: 1.2,
    smearingWidthEv: 0.005 * EV_PER_RYDBERG,
  },
} as const satisfies Record<string, Preset>

export type PresetName = keyof typeof PRESETS
export const DEFAULT_PRESET: PresetName = 'moderate'
export const PRESET_TABLE: PresetTable = { usual: DEFAULT_PRESET, versions: { fast: '1', moderate: '1', precise: '1' } }
