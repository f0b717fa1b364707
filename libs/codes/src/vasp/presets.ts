import type { PresetTable } from '../code-writes.ts'
import { SOURCE_PRESETS } from './source-presets.ts'

/** Settings that stand where the user gives none. */
export type VaspPreset = {
  /** 1/Å with 2π included, as KSPACING counts. */
  readonly kSpacingPerAngstrom: number
  /** On the largest ENMAX of the POTCARs. */
  readonly cutoffFactor: number
  readonly precision: 'Normal' | 'Accurate'
  /** EDIFF, eV per atom. */
  readonly energyEvPerAtom: number
  /** -EDIFFG, eV/Å. */
  readonly forceEvPerAngstrom: number
}

/** From quick looks to tight results. */
const PRESETS = {
  fast: { kSpacingPerAngstrom: 0.4, cutoffFactor: 1, precision: 'Normal', energyEvPerAtom: 1e-5, forceEvPerAngstrom: 0.05 },
  moderate: {
    kSpacingPerAngstrom: 0.25,
    cutoffFactor: 1.3,
    precision: 'Accurate',
    energyEvPerAtom: 1e-6,
    forceEvPerAngstrom: 0.02,
  },
  precise: {
    kSpacingPerAngstrom: 0.15,
    cutoffFactor: 1.5,
    precision: 'Accurate',
    energyEvPerAtom: 1e-7,
    forceEvPerAngstrom: 0.005,
  },
} as const satisfies Record<string, VaspPreset>

export const DEFAULT_PRESET = 'moderate'

/** Own protocols, and those that another program's rendering goes by. */
export const PRESET_TABLE: PresetTable = {
  usual: DEFAULT_PRESET,
  versions: {
    ...Object.fromEntries(Object.keys(PRESETS).map((name) => [name, '1'])),
    ...Object.fromEntries(Object.entries(SOURCE_PRESETS).map(([name, { version }]) => [name, version])),
  },
  formerly: {
    MPRelaxSet: 'mp-gga-relax',
    MatPESStaticSet: 'matpes-pbe-static',
    'quacc-default-gga': 'DefaultSetGGA',
  },
}

/** Thresholds of an own protocol; those of the usual one where a source's preset says nothing. */
export const protocolOf = (name: string): VaspPreset =>
  Object.entries(PRESETS).find(([one]) => one === name)?.[1] ?? PRESETS[DEFAULT_PRESET]

export type Tags = Readonly<Record<string, string | number | boolean>>

/** Functionals by their usual names: the POTCARs they need, and their tags. */
export const FUNCTIONALS: Readonly<Record<string, { readonly potcar: 'PBE' | 'LDA'; readonly tags: Tags }>> = {
  LDA: { potcar: 'LDA', tags: {} },
  PBE: { potcar: 'PBE', tags: {} },
  PBEsol: { potcar: 'PBE', tags: { GGA: 'PS' } },
  revPBE: { potcar: 'PBE', tags: { GGA: 'RE' } },
  RPBE: { potcar: 'PBE', tags: { GGA: 'RP' } },
  SCAN: { potcar: 'PBE', tags: { METAGGA: 'SCAN', LMIXTAU: true } },
  R2SCAN: { potcar: 'PBE', tags: { METAGGA: 'R2SCAN', LMIXTAU: true } },
  PBE0: { potcar: 'PBE', tags: { LHFCALC: true, ALGO: 'Damped', TIME: 0.4 } },
  HSE06: { potcar: 'PBE', tags: { LHFCALC: true, HFSCREEN: 0.2, ALGO: 'Damped', TIME: 0.4 } },
}

/** Dispersion corrections by their usual names. */
export const DISPERSIONS: Readonly<Record<string, number>> = { D2: 10, D3: 11, D3BJ: 12, D4: 13, TS: 20, MBD: 202 }

/** What each kind of calculation moves. */
export const CALCULATIONS: Readonly<Record<string, Tags>> = {
  static: { IBRION: -1, NSW: 0 },
  relax: { IBRION: 2, NSW: 100, ISIF: 2 },
  'vc-relax': { IBRION: 2, NSW: 100, ISIF: 3 },
  md: { IBRION: 0, ISYM: 0, MDALGO: 0 },
  phonons: { IBRION: 6, NSW: 1, NFREE: 2, POTIM: 0.015 },
}
