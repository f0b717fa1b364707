import type { PresetTable } from '../code-writes.ts'
/** Settings that stand where the user gives none. */
export type CrystalPreset = {
  /** 1/Å with 2π included. */
  readonly kSpacingPerAngstrom: number
  /** Truncation of Coulomb and exchange series, TOLINTEG. */
  readonly integralTolerances: readonly [number, number, number, number, number]
  /** The SCF ends when the energy changes by less than 10^-n hartree, TOLDEE. */
  readonly energyToleranceDigits: number
  readonly grid: 'LGRID' | 'XLGRID' | 'XXLGRID'
}

/** From quick looks to tight results. */
export const PRESETS = {
  fast: { kSpacingPerAngstrom: 0.4, integralTolerances: [6, 6, 6, 6, 12], energyToleranceDigits: 6, grid: 'LGRID' },
  moderate: { kSpacingPerAngstrom: 0.25, integralTolerances: [7, 7, 7, 7, 14], energyToleranceDigits: 7, grid: 'XLGRID' },
  precise: { kSpacingPerAngstrom: 0.15, integralTolerances: [8, 8, 8, 8, 16], energyToleranceDigits: 9, grid: 'XXLGRID' },
} as const satisfies Record<string, CrystalPreset>

export type PresetName = keyof typeof PRESETS
export const DEFAULT_PRESET: PresetName = 'moderate'
export const PRESET_TABLE: PresetTable = { usual: DEFAULT_PRESET, versions: { fast: '1', moderate: '1', precise: '1' } }

/** Functionals by their usual names, as lines of the DFT block (CRYSTAL17 manual, chapter 4); no lines: Hartree-Fock. */
export const FUNCTIONALS: Readonly<Record<string, readonly string[]>> = {
  HF: [],
  LDA: ['EXCHANGE', 'LDA', 'CORRELAT', 'VWN'],
  PBE: ['EXCHANGE', 'PBE', 'CORRELAT', 'PBE'],
  PBEsol: ['EXCHANGE', 'PBESOL', 'CORRELAT', 'PBESOL'],
  BLYP: ['EXCHANGE', 'BECKE', 'CORRELAT', 'LYP'],
  B3LYP: ['B3LYP'],
  B3PW: ['B3PW'],
  PBE0: ['PBE0'],
  PBEsol0: ['PBESOL0'],
  HSE06: ['HSE06'],
  HSEsol: ['HSESOL'],
  HISS: ['HISS'],
  B1WC: ['B1WC'],
  M06: ['M06'],
  M06L: ['M06L'],
  M062X: ['M062X'],
  WC1LYP: ['WC1LYP'],
  'PBEh-3c': ['PBEH3C'],
  'HSE-3c': ['HSE3C'],
}

/** Composites bring dispersion and counterpoise of their own, fitted to one basis set. */
export const COMPOSITES: ReadonlySet<string> = new Set(['PBEh-3c', 'HSE-3c'])
export const COMPOSITE_BASIS = 'def2-mSVP'

const EXCHANGES = 'LDA VBH BECKE MPW91 PBE PBESOL PWGGA SOGGA WCGGA'.split(' ')
const CORRELATIONS = 'LYP P86 PBE PBESOL PWGGA PWLSD PZ VBH VWN WL'.split(' ')

/** Lines of the DFT block for a name, or for exchange and correlation apart: `BECKE/PZ`. Null where nothing of the kind is known. */
export function functionalWords(name: string): readonly string[] | null {
  if (Object.hasOwn(FUNCTIONALS, name)) return FUNCTIONALS[name] ?? null
  const [exchange = '', correlation = '', ...more] = name.toUpperCase().split('/')
  return more.length === 0 && EXCHANGES.includes(exchange) && CORRELATIONS.includes(correlation)
    ? ['EXCHANGE', exchange, 'CORRELAT', correlation]
    : null
}
export const PAIRS = `or EXCHANGE/CORRELATION with ${EXCHANGES.join(', ')} and ${CORRELATIONS.join(', ')}`

/** Functionals that DFTD3 has parameters for. */
export const WITH_D3: ReadonlySet<string> = new Set(['PBE', 'PBEsol', 'BLYP', 'B3LYP', 'PBE0', 'HSE06', 'M06'])
