import type { InputProblem, Vector3 } from '@crystalmath/contract'
import { nearestWord } from '@crystalmath/structures'
import { memberProblems } from '../../writing/known-keys.ts'
import { aFlag, aNumber, aTriple, aWholeNumber, type Check, isRecord, oneOf, parameterProblem } from '../../writing/problems.ts'
import {
  COMPOSITE_BASIS,
  COMPOSITES,
  DEFAULT_PRESET,
  FUNCTIONALS,
  functionalWords,
  PAIRS,
  PRESETS,
  type PresetName,
  WITH_D3,
} from '../presets.ts'

export const CALCULATIONS = ['scf', 'relax', 'vc-relax', 'frequencies'] as const
export type Calculation = (typeof CALCULATIONS)[number]

/** Parameters of a job for CRYSTAL, checked. Absent members were not given. */
export type CrystalSettings = {
  readonly calculation: Calculation
  readonly preset: PresetName
  readonly functional: string
  /** With Becke-Johnson damping, or as first published with zero damping. */
  readonly dispersion?: 'D3' | 'D3ZERO' | null
  /** A set of CRYSTAL's own library by name, or for each element its text. */
  readonly basis?: string | Readonly<Record<string, unknown>>
  readonly kSpacingPerAngstrom?: number
  readonly kMesh?: Vector3
  /** Shrinking factor of the Gilat net; else twice the mesh for metals (with smearing), the mesh without. */
  readonly gilatMesh?: number
  /** eV; absent: none. */
  readonly smearingEv?: number
  readonly integralTolerances?: readonly number[]
  readonly energyToleranceDigits?: number
  readonly scfMaxCycles: number
  readonly optimizationMaxCycles?: number
  /** Root mean squares at which an optimisation ends: of the gradient (hartree/bohr) and of the displacements (bohr). */
  readonly gradientTolerance?: number
  readonly displacementTolerance?: number
  /** What follows an optimisation: 0 nothing, 2 a single point, 3 with a gradient, 4 on until that is converged with new integrals. */
  readonly finalRun?: number
  /** Per cent of the last Fock matrix. */
  readonly mixingPercent: number
  readonly accelerator: 'DIIS' | 'ANDERSON' | 'BROYDEN' | 'none'
  /** Of BROYDEN: weight, per cent of mixing, the cycle at which it begins. */
  readonly broyden: Vector3
  /** Hartree by which the virtual levels are lifted. */
  readonly levelShiftHartree?: number
  readonly grid?: string
  /** Digits of the density below which, and of the weights of grid points for which, nothing is summed: TOLLDENS, TOLLGRID. */
  readonly densityToleranceDigits?: number
  readonly gridToleranceDigits?: number
  /** Spin-polarised; by itself where the structure has initial moments. */
  readonly spin?: boolean
  /** Unpaired electrons of the cell that are held for the first cycles. */
  readonly unpairedElectrons?: number
  readonly lockCycles: number
  /** Further lines of the last block, `SCFDIR`, `PPAN`, `EXCHSIZE` and its number. */
  readonly keywords: readonly string[]
  readonly keepWaveFunction: boolean
}

/** Sets of the library that CRYSTAL17 and CRYSTAL23 carry. */
const LIBRARY = 'STO-3G STO-6G POB-DZVP POB-DZVP-REV2 POB-DZVPP POB-TZVP POB-TZVP-REV2 def2-mSVP MINIX'.split(' ')

const aBasis: Check = (value) =>
  typeof value === 'string'
    ? LIBRARY.some((name) => name.toLowerCase() === value.toLowerCase())
      ? null
      : `a set of CRYSTAL's library (${LIBRARY.join(', ')}), or texts by element`
    : isRecord(value) && Object.values(value).every((text) => typeof text === 'string')
      ? null
      : 'the name of a set, or an object of texts by element'
const tolerances: Check = (value) =>
  Array.isArray(value) && value.length === 5 && value.every((one) => Number.isSafeInteger(one) && one >= 4 && one <= 60)
    ? value[4] >= value[3]
      ? null
      : 'five whole numbers, the last not below the fourth'
    : 'five whole numbers from 4 to 60'

/** Lines of the last block that no parameter writes. Numbers may follow on lines of their own. */
const WORDS =
  'SCFDIR NODIRECT PPAN NOSHIFT EXCHSIZE BIPOSIZE NOBIPOLA NOBIPCOU NOBIPEXC BIPOLAR POLEORDR ILASIZE TOLPSEUD TOLDEP NEIGHBOR SETPRINT PRINTOUT MONSPLIT MADELIND CMPLXFAC REPLDATA STDIAG LOWMEM NOLOWMEM MEMOPRT KSYMMPRT FULLTIME HISTDIIS THREDIIS NOFMWF NOMONDIR EXCHPERM FIXINDEX GRADCAL'.split(
    ' ',
  )

const CHECKS: Readonly<Record<string, Check>> = {
  calculation: oneOf(...CALCULATIONS),
  preset: oneOf(...Object.keys(PRESETS)),
  functional: (value) =>
    typeof value === 'string' && functionalWords(value) !== null
      ? null
      : `one of ${Object.keys(FUNCTIONALS).join(', ')}, ${PAIRS}`,
  dispersion: (value) => (value === null ? null : oneOf('D3', 'D3ZERO')(value)),
  basis: aBasis,
  kSpacingPerAngstrom: aNumber({ least: 0.005, most: 20 }),
  kMesh: aTriple(aWholeNumber({ least: 1, most: 200 })),
  gilatMesh: aWholeNumber({ least: 1, most: 400 }),
  smearingEv: aNumber({ above: 0, most: 5 }),
  integralTolerances: tolerances,
  energyToleranceDigits: aWholeNumber({ least: 4, most: 14 }),
  scfMaxCycles: aWholeNumber({ least: 1, most: 10_000 }),
  optimizationMaxCycles: aWholeNumber({ least: 1, most: 10_000 }),
  gradientTolerance: aNumber({ least: 1e-7, most: 0.1 }),
  displacementTolerance: aNumber({ least: 1e-7, most: 0.1 }),
  finalRun: aWholeNumber({ least: 0, most: 4 }),
  mixingPercent: aWholeNumber({ least: 0, most: 99 }),
  accelerator: oneOf('DIIS', 'ANDERSON', 'BROYDEN', 'none'),
  broyden: aTriple(aNumber({ least: 0, most: 1_000 })),
  levelShiftHartree: aNumber({ least: 0.1, most: 10 }),
  grid: oneOf('LGRID', 'XLGRID', 'XXLGRID'),
  densityToleranceDigits: aWholeNumber({ least: 4, most: 20 }),
  gridToleranceDigits: aWholeNumber({ least: 4, most: 30 }),
  spin: aFlag,
  unpairedElectrons: aWholeNumber({ least: -10_000, most: 10_000 }),
  lockCycles: aWholeNumber({ least: 1, most: 1_000 }),
  keywords: (value) =>
    Array.isArray(value) && value.every((line) => typeof line === 'string' && /^[^\r\n]{1,80}$/.test(line))
      ? null
      : 'a list of lines',
  keepWaveFunction: aFlag,
}

export function settingsOf(parameters: Readonly<Record<string, unknown>>): {
  readonly settings: CrystalSettings | null
  readonly problems: readonly InputProblem[]
} {
  const shape = memberProblems(parameters, CHECKS)
  if (shape.length > 0) return { settings: null, problems: shape }
  const base = {
    calculation: 'scf',
    preset: DEFAULT_PRESET,
    functional: 'PBE',
    scfMaxCycles: 200,
    mixingPercent: 30,
    accelerator: 'DIIS',
    broyden: [0.0001, 50, 2],
    lockCycles: 10,
    keywords: [],
    keepWaveFunction: false,
  }
  const settings = { ...base, ...parameters } as unknown as CrystalSettings
  const problems = [...keywordProblems(settings), ...combinationProblems(settings)]
  return { settings: problems.length > 0 ? null : settings, problems }
}

/** Words that a parameter writes, and which. */
const OURS: Readonly<Record<string, string>> = {
  ...{ SHRINK: 'kMesh', TOLDEE: 'energyToleranceDigits', TOLINTEG: 'integralTolerances', MAXCYCLE: 'scfMaxCycles' },
  ...{
    FMIXING: 'mixingPercent',
    DIIS: 'accelerator',
    ANDERSON: 'accelerator',
    BROYDEN: 'accelerator',
    SMEAR: 'smearingEv',
    LEVSHIFT: 'levelShiftHartree',
  },
  ...{ SPINLOCK: 'unpairedElectrons', UHF: 'spin', RHF: 'spin', SPIN: 'spin', DFT: 'functional', DFTD3: 'dispersion' },
  ...{ XLGRID: 'grid', XXLGRID: 'grid', LGRID: 'grid', OPTGEOM: 'calculation', FREQCALC: 'calculation', BASISSET: 'basis' },
  ...{ ATOMSPIN: "the structure's initialMomentsBohr", GUESSP: 'recovery', END: 'the platform', ENDSCF: 'the platform' },
}

function keywordProblems({ keywords }: CrystalSettings): readonly InputProblem[] {
  return keywords.flatMap((line, index) => {
    const word = line.trim().toUpperCase()
    const path = `keywords[${index}]`
    if (/^[-\d.\s]+$/.test(word) && index > 0) return []
    const ours = OURS[word]
    if (ours !== undefined) return [parameterProblem(path, `${word} is set by the platform, from ${ours}`, 'leave it out', line)]
    if (WORDS.includes(word)) return []
    const nearest = nearestWord(word, [...WORDS, ...Object.keys(OURS)])
    return [
      parameterProblem(
        path,
        `"${line.slice(0, 40)}" is no keyword of CRYSTAL's last block that is known here`,
        nearest === null ? `known are ${WORDS.join(', ')}` : `did you mean ${nearest}?`,
        line,
      ),
    ]
  })
}

function combinationProblems({ functional, dispersion, basis, kMesh, kSpacingPerAngstrom, grid }: CrystalSettings) {
  const problems: InputProblem[] = []
  if (basis === undefined)
    problems.push(
      parameterProblem(
        'basis',
        'a basis set is missing: CRYSTAL has no default',
        `name one of ${LIBRARY.join(', ')}, or give texts by element`,
      ),
    )
  if (COMPOSITES.has(functional) && basis !== COMPOSITE_BASIS)
    problems.push(
      parameterProblem(
        'basis',
        `${functional} was fitted to ${COMPOSITE_BASIS}`,
        `set parameters.basis to ${COMPOSITE_BASIS}`,
        basis,
      ),
    )
  if (dispersion != null && !WITH_D3.has(functional))
    problems.push(
      parameterProblem(
        'dispersion',
        `D3 has no parameters for ${functional}`,
        `it has for ${[...WITH_D3].join(', ')}`,
        dispersion,
      ),
    )
  if (grid !== undefined && functional === 'HF')
    problems.push(parameterProblem('grid', 'Hartree-Fock integrates on no grid', 'leave grid out', grid))
  if (kMesh !== undefined && kSpacingPerAngstrom !== undefined)
    problems.push(parameterProblem('kMesh', 'kSpacingPerAngstrom and kMesh exclude each other', 'leave one of them out', kMesh))
  return problems
}
