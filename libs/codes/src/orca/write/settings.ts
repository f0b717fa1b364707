import type { InputProblem } from '@crystalmath/contract'
import { nearestWord } from '@crystalmath/structures'
import { memberProblems } from '../../writing/known-keys.ts'
import { aFlag, aNumber, aText, aWholeNumber, type Check, isRecord, oneOf, parameterProblem } from '../../writing/problems.ts'
import {
  CALCULATIONS,
  type Calculation,
  DEFAULT_PRESET,
  PRESET_TABLE,
  protocolOf,
  SCF_STRATEGIES,
  type ScfStrategy,
} from '../presets.ts'
import { repeatedWords } from './consistency.ts'
import { AUXILIARY_SETS, BASIS_SETS, BLOCKS, METHODS, SIMPLE_WORDS } from './simple-words.ts'

/** Parameters of a job for ORCA, checked. Absent members were not given. */
export type OrcaSettings = {
  readonly calculation: Calculation
  readonly preset: string
  readonly method?: string
  readonly basis?: string
  readonly auxiliaryBasis?: string
  /** `D3BJ`, `D4`, …; null: none. */
  readonly dispersion?: string | null
  readonly charge: number
  readonly multiplicity?: number
  /** Further words of the simple input line. */
  readonly keywords: readonly string[]
  /** `{ "tddft": { "NRoots": 5 } }`; a list is taken as lines. */
  readonly blocks: Readonly<Record<string, unknown>>
  readonly solvent?: { readonly model: 'CPCM' | 'SMD'; readonly name: string }
  readonly scfConvergence?: 'Loose' | 'Normal' | 'Tight' | 'VeryTight'
  readonly scfStrategy: ScfStrategy
  readonly scfMaxIterations?: number
  readonly optimizationMaxSteps?: number
  /** MiB per rank; else three quarters of the job's memory. */
  readonly maxCoreMebibytes?: number
  readonly keepOrbitals: boolean
  readonly allowUnknown: readonly string[]
}

const texts: Check = (value) =>
  Array.isArray(value) && value.every((one) => typeof one === 'string' && /^[^\s!%*#"]+$/.test(one))
    ? null
    : 'a list of words without blanks and ! % * #'
const aSolvent: Check = (value) =>
  isRecord(value) &&
  oneOf('CPCM', 'SMD')(value['model']) === null &&
  typeof value['name'] === 'string' &&
  /^[A-Za-z0-9,\- ]+$/.test(value['name'])
    ? null
    : '{ "model": "CPCM" or "SMD", "name": a solvent }'
const isScalar = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && !/[\r\n]/.test(value))
const aBlock = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.every((line) => typeof line === 'string' && !/[\r\n]/.test(line))
    : isRecord(value) && Object.values(value).every(isScalar)
const blocks: Check = (value) =>
  isRecord(value) && Object.values(value).every(aBlock)
    ? null
    : 'an object of blocks, each an object of settings or a list of lines'

const CHECKS: Readonly<Record<string, Check>> = {
  calculation: oneOf(...Object.keys(CALCULATIONS)),
  preset: oneOf(...Object.keys(PRESET_TABLE.versions)),
  method: aText,
  basis: aText,
  auxiliaryBasis: aText,
  dispersion: (value) => (value === null ? null : oneOf('D2', 'D3', 'D3BJ', 'D3Zero', 'D4', 'VV10')(value)),
  charge: aWholeNumber({ least: -1_000, most: 1_000 }),
  multiplicity: aWholeNumber({ least: 1, most: 200 }),
  keywords: texts,
  blocks,
  solvent: aSolvent,
  scfConvergence: oneOf('Loose', 'Normal', 'Tight', 'VeryTight'),
  scfStrategy: oneOf(...Object.keys(SCF_STRATEGIES)),
  scfMaxIterations: aWholeNumber({ least: 1, most: 100_000 }),
  optimizationMaxSteps: aWholeNumber({ least: 1, most: 100_000 }),
  maxCoreMebibytes: aNumber({ least: 64 }),
  keepOrbitals: aFlag,
  allowUnknown: texts,
}

export function settingsOf(parameters: Readonly<Record<string, unknown>>): {
  readonly settings: OrcaSettings | null
  readonly problems: readonly InputProblem[]
} {
  const shape = memberProblems(parameters, CHECKS)
  if (shape.length > 0) return { settings: null, problems: shape }
  const preset = typeof parameters['preset'] === 'string' ? parameters['preset'] : DEFAULT_PRESET
  const base = {
    calculation: protocolOf(preset).calculation ?? 'energy',
    preset,
    charge: 0,
    keywords: [],
    blocks: {},
    scfStrategy: 'default',
    keepOrbitals: false,
    allowUnknown: [],
  }
  const settings = { ...base, ...parameters } as OrcaSettings
  const problems = [...wordProblems(settings), ...blockProblems(settings), ...repeatedWords(settings)]
  return { settings: problems.length > 0 ? null : settings, problems }
}

function wordProblems({ method, basis, auxiliaryBasis, keywords, allowUnknown }: OrcaSettings): readonly InputProblem[] {
  const allowed = new Set(allowUnknown.map((word) => word.toLowerCase()))
  const inList = (path: string, word: string | undefined, known: readonly string[], what: string) => {
    if (word === undefined || allowed.has(word.toLowerCase()) || known.some((one) => one.toLowerCase() === word.toLowerCase()))
      return []
    return [parameterProblem(path, `"${word}" is no ${what} that is known of ORCA`, mendOf(word, known), word)]
  }
  const free = keywords.flatMap((word, index) => {
    if (/^pal\d*$/i.test(word))
      return [parameterProblem(`keywords[${index}]`, 'the number of ranks is taken from resources.ranks', 'leave it out', word)]
    const isKnown = SIMPLE_WORDS.has(word.toLowerCase()) || /^(CPCM|SMD|CPCMC|ALPB|DDCOSMO|CPCMX|COSMORS)\(.+\)$/i.test(word)
    return isKnown || allowed.has(word.toLowerCase())
      ? []
      : [
          parameterProblem(
            `keywords[${index}]`,
            `"${word}" is no word that is known of ORCA's simple input`,
            mendOf(word, SIMPLE_WORDS.values()),
            word,
          ),
        ]
  })
  return [
    ...inList('method', method, METHODS, 'method'),
    ...inList('basis', basis, BASIS_SETS, 'basis set'),
    ...inList('auxiliaryBasis', auxiliaryBasis, AUXILIARY_SETS, 'auxiliary basis set'),
    ...free,
  ]
}

function mendOf(word: string, known: Iterable<string>): string {
  const nearest = nearestWord(word, known)
  return `${nearest === null ? 'check its spelling in the manual' : `did you mean ${nearest}?`} (or list it in parameters.allowUnknown)`
}

/** Blocks that the platform writes from parameters of their own. */
const OURS: Readonly<Record<string, string>> = {
  pal: 'resources.ranks',
  maxcore: 'resources.memoryMebibytes or parameters.maxCoreMebibytes',
  moinp: 'recovery, which decides what an attempt begins from',
  coords: 'the structure',
}

function blockProblems({ blocks }: OrcaSettings): readonly InputProblem[] {
  return Object.entries(blocks).flatMap(([name, value]) => {
    const ours = OURS[name.toLowerCase()]
    if (ours !== undefined)
      return [parameterProblem(`blocks.${name}`, `%${name} is set by the platform, from ${ours}`, 'leave it out', value)]
    if (BLOCKS.includes(name.toLowerCase())) return []
    const nearest = nearestWord(name.toLowerCase(), BLOCKS)
    return [
      parameterProblem(
        `blocks.${name}`,
        `ORCA has no block %${name}`,
        nearest === null ? 'check its name in the manual' : `did you mean %${nearest}?`,
        value,
      ),
    ]
  })
}
