/** Settings that stand where the user gives none. */
export type OrcaPreset = {
  readonly method: string
  readonly basis: string
  readonly dispersion: string | null
  readonly scfConvergence: 'Normal' | 'Tight' | 'VeryTight'
}

/** From quick looks to tight results; r²SCAN-3c brings its own basis and dispersion. */
export const PRESETS = {
  fast: { method: 'r2SCAN-3c', basis: '', dispersion: null, scfConvergence: 'Normal' },
  moderate: { method: 'PBE0', basis: 'def2-TZVP', dispersion: 'D4', scfConvergence: 'Tight' },
  precise: { method: 'wB97M-V', basis: 'def2-QZVP', dispersion: null, scfConvergence: 'VeryTight' },
} as const satisfies Record<string, OrcaPreset>

export type PresetName = keyof typeof PRESETS
export const DEFAULT_PRESET: PresetName = 'moderate'

/** What each kind of calculation is called on the simple input line. */
export const CALCULATIONS = {
  energy: ['SP'],
  gradient: ['EnGrad'],
  optimization: ['Opt'],
  frequencies: ['Freq'],
  'optimization-frequencies': ['Opt', 'Freq'],
  'transition-state': ['OptTS'],
} as const
export type Calculation = keyof typeof CALCULATIONS

/** Ways to convergence. */
export const SCF_STRATEGIES = {
  default: [],
  slow: ['SlowConv'],
  'very-slow': ['VerySlowConv'],
  kdiis: ['KDIIS', 'SOSCF'],
  trah: ['TRAH'],
} as const
export type ScfStrategy = keyof typeof SCF_STRATEGIES

/** Composite methods bring basis and dispersion with them. */
export const isComposite = (method: string): boolean => /-3c$|xtb|gfn/i.test(method)
/** Methods whose definition holds their dispersion. */
export const hasOwnDispersion = (method: string): boolean =>
  isComposite(method) || /-(V|D3|D3BJ|D4|D4rev)$/i.test(method) || /^B97-D$/i.test(method)
