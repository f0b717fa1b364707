import type { PresetTable } from '../code-writes.ts'

/** Settings that stand where the user gives none. */
export type OrcaPreset = {
  readonly method: string
  readonly basis: string
  readonly auxiliaryBasis?: string
  readonly dispersion: string | null
  /** Null: the preset's blocks say it. */
  readonly scfConvergence: 'Normal' | 'Tight' | 'VeryTight' | null
  readonly calculation?: Calculation
  readonly keywords?: readonly string[]
  /** Lines of blocks that stand before the user's. */
  readonly blocks?: Readonly<Record<string, readonly string[]>>
  /** Elements that the basis set has functions for, by atomic number: from, to. */
  readonly reach?: readonly (readonly [number, number])[]
  /** For elements that `basis` lacks: what is written into %basis, with `ELEMENT` in it. */
  readonly beyond?: { readonly elements: readonly (readonly [number, number])[]; readonly lines: readonly string[] }
  /** A file that the user must send, because it is another project's. */
  readonly needs?: { readonly path: string; readonly from: string }
}

const OMOL = {
  method: 'wB97M-V',
  basis: 'def2-TZVPD',
  auxiliaryBasis: 'def2/J',
  dispersion: null,
  scfConvergence: null,
  calculation: 'gradient',
  keywords: ['RIJCOSX', 'NoUseSym', 'DIIS', 'NoSOSCF', 'NormalConv', 'DefGrid3', 'AllPop', 'NoNBO', 'NoNPA'],
  blocks: {
    scf: ['Convergence Tight', 'MaxIter 300', 'THRESH 1e-12', 'TCUT 1e-13'],
    elprop: ['Dipole true', 'Quadrupole true'],
    output: [
      ...['P_ReducedOrbPopMO_L', 'P_ReducedOrbPopMO_M', 'P_BondOrder_L', 'P_BondOrder_M', 'P_Fockian'].map(
        (name) => `Print[${name}] 1`,
      ),
      'Print[P_OrbEn] 2',
    ],
  },
} as const satisfies OrcaPreset

/** Actinium to lawrencium. */
const ACTINIDES = [[89, 103]] as const

const USUAL: OrcaPreset = { method: 'PBE0', basis: 'def2-TZVP', dispersion: 'D4', scfConvergence: 'Tight' }

/** From quick looks to tight results (r²SCAN-3c brings its own basis and dispersion), and templates for heavy elements. */
const PRESETS: Readonly<Record<string, OrcaPreset>> = {
  fast: { method: 'r2SCAN-3c', basis: '', dispersion: null, scfConvergence: 'Normal' },
  moderate: USUAL,
  precise: { method: 'wB97M-V', basis: 'def2-QZVP', dispersion: null, scfConvergence: 'VeryTight' },
  /** As fairchem-data-omol 0.1.2 computes OMol25, with its file of basis functions. */
  omol25: {
    ...OMOL,
    // quacc's own, through which fairchem writes
    keywords: [...OMOL.keywords, 'XYZFile'],
    blocks: { ...OMOL.blocks, basis: ['GTOName "def2-tzvpd.bas"'] },
    reach: [[1, 86]],
    needs: { path: 'def2-tzvpd.bas', from: 'the package fairchem-data-omol (fairchem/data/omol/orca/basis)' },
  },
  /** The method of OMol25 with ORCA's own def2-TZVPD; an actinide gets its basis set and its core potential, 60 electrons. */
  omol: {
    ...OMOL,
    reach: [
      [1, 86],
      [89, 103],
    ],
    beyond: { elements: ACTINIDES, lines: ['NewGTO ELEMENT "ma-def-TZVP" end', 'NewECP ELEMENT "def-ECP" end'] },
  },
  /** All electrons, exact two-component Hamiltonian (ORCA 6). */
  x2c: {
    method: 'PBE0',
    basis: 'x2c-TZVPall',
    auxiliaryBasis: 'x2c/J',
    dispersion: 'D4',
    scfConvergence: 'Tight',
    keywords: ['X2C', 'RIJCOSX'],
    reach: [
      [1, 86],
      [89, 103],
    ],
    beyond: { elements: ACTINIDES, lines: ['NewGTO ELEMENT "SARC-DKH-TZVP" end', 'NewAuxJGTO ELEMENT "SARC/J" end'] },
  },
  /** All electrons, Douglas-Kroll-Hess, correlation-consistent sets; of the actinides ORCA has such a set for uranium alone. */
  dk3: {
    method: 'PBE0',
    basis: 'cc-pVTZ-DK',
    auxiliaryBasis: 'AutoAux',
    dispersion: 'D4',
    scfConvergence: 'Tight',
    keywords: ['DKH', 'RIJCOSX'],
    reach: [
      [1, 18],
      [21, 36],
      [39, 54],
      [72, 86],
      [92, 92],
    ],
    beyond: { elements: [[92, 92]], lines: ['NewGTO ELEMENT "cc-pVTZ-DK3" end'] },
  },
}

export const DEFAULT_PRESET = 'moderate'

export const PRESET_TABLE: PresetTable = {
  usual: DEFAULT_PRESET,
  versions: { ...Object.fromEntries(Object.keys(PRESETS).map((name) => [name, '1'])), omol25: 'fairchem-data-omol-0.1.2' },
  formerly: { OMol25: 'omol25' },
}

export const protocolOf = (name: string): OrcaPreset => (Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined) ?? USUAL

export const isIn = (number: number, ranges: readonly (readonly [number, number])[]): boolean =>
  ranges.some(([from, to]) => number >= from && number <= to)

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
