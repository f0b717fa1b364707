import type { InputProblem, Vector3 } from '@crystalmath/contract'
import { memberProblems } from '../../writing/known-keys.ts'
import {
  aFlag,
  aNumber,
  aText,
  aTriple,
  aWholeNumber,
  type Check,
  isRecord,
  oneOf,
  parameterProblem,
} from '../../writing/problems.ts'
import type { Flavour } from '../command.ts'
import { CALCULATIONS, DEFAULT_PRESET, DISPERSIONS, FUNCTIONALS, PRESET_TABLE } from '../presets.ts'
import { SOURCE_PRESETS } from '../source-presets.ts'
import { INCAR_TAGS } from './incar-tags.ts'

/** Our words for a smearing, with ISMEAR. */
export const SMEARINGS = { fermi: -1, gaussian: 0, 'methfessel-paxton': 1, tetrahedron: -5 } as const

/** Parameters of a job for VASP, checked. Absent members were not given. */
export type VaspSettings = {
  readonly calculation: string
  readonly preset: string
  readonly functional: string
  readonly dispersion?: string
  readonly incar: Readonly<Record<string, unknown>>
  readonly cutoffEv?: number
  readonly kSpacingPerAngstrom?: number
  readonly kMesh?: Vector3
  readonly kShift?: Vector3
  readonly kScheme: 'gamma' | 'monkhorst-pack'
  /** Fractional coordinates with weights: the run is self-consistent on exactly these. */
  readonly kPoints?: readonly (readonly number[])[]
  /** `auto`: eigenvalues along the path of HPKOT as well (KPOINTS_OPT, VASP 6.3 and later). */
  readonly kPath?: 'auto'
  /** Of neighbours along that path, 1/Å with 2π included. */
  readonly kPathSpacingPerAngstrom?: number
  readonly smearing?: { readonly kind: keyof typeof SMEARINGS; readonly widthEv?: number }
  /** Of the whole cell, e. */
  readonly charge?: number
  readonly pseudopotentials: Readonly<Record<string, unknown>>
  readonly pseudopotentialFamily?: string
  readonly vacuumAngstrom?: number
  readonly executable?: Flavour
  readonly allowUnknown: readonly string[]
  readonly keepCharge: boolean
}

const aRecord: Check = (value) => (isRecord(value) ? null : 'an object')
const aKPoint = (value: unknown): boolean =>
  Array.isArray(value) &&
  (value.length === 3 || value.length === 4) &&
  value.every((one) => Number.isFinite(one)) &&
  !(value[3] < 0)
const kPoints: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every(aKPoint)
    ? null
    : 'a list of k points: three fractional coordinates and a weight'
const aSmearing: Check = (value) => {
  const wanted = `{ "kind": one of ${Object.keys(SMEARINGS).join(', ')}, "widthEv": a number above 0 (none for tetrahedron) }`
  if (
    !isRecord(value) ||
    memberProblems(value, { kind: oneOf(...Object.keys(SMEARINGS)), widthEv: aNumber({ above: 0, most: 10 }) }).length > 0
  )
    return wanted
  return value['kind'] !== undefined && (value['kind'] === 'tetrahedron') === (value['widthEv'] === undefined) ? null : wanted
}
const tags: Check = (value) =>
  Array.isArray(value) && value.every((one) => typeof one === 'string' && /^[A-Z][A-Z0-9_]*$/.test(one))
    ? null
    : 'a list of tags in capitals'

const CHECKS: Readonly<Record<string, Check>> = {
  calculation: oneOf(...Object.keys(CALCULATIONS)),
  preset: oneOf(...Object.keys(PRESET_TABLE.versions)),
  functional: oneOf(...Object.keys(FUNCTIONALS)),
  dispersion: oneOf(...Object.keys(DISPERSIONS)),
  incar: aRecord,
  cutoffEv: aNumber({ above: 0, most: 10_000 }),
  kSpacingPerAngstrom: aNumber({ least: 0.005, most: 20 }),
  kMesh: aTriple(aWholeNumber({ least: 1, most: 1_000 })),
  kShift: aTriple(aNumber({ least: -1, most: 1 })),
  kScheme: oneOf('gamma', 'monkhorst-pack'),
  kPoints,
  kPath: oneOf('auto'),
  kPathSpacingPerAngstrom: aNumber({ least: 0.0005, most: 2 }),
  smearing: aSmearing,
  charge: aNumber({ least: -1_000, most: 1_000 }),
  pseudopotentials: aRecord,
  pseudopotentialFamily: aText,
  vacuumAngstrom: aNumber({ least: 2, most: 100 }),
  executable: oneOf('standard', 'gamma', 'noncollinear'),
  allowUnknown: tags,
  keepCharge: aFlag,
}

/** One thing said in two ways. */
const PAIRS: readonly (readonly [string, readonly string[]])[] = [
  ['cutoffEv', ['ENCUT']],
  ['smearing', ['ISMEAR', 'SIGMA']],
  ['charge', ['NELECT']],
  ['dispersion', ['IVDW']],
  ['functional', ['GGA', 'METAGGA', 'LHFCALC']],
]

export function settingsOf(parameters: Readonly<Record<string, unknown>>): {
  readonly settings: VaspSettings | null
  readonly problems: readonly InputProblem[]
} {
  const problems = memberProblems(parameters, CHECKS, { homeOf: (name) => (INCAR_TAGS.has(name.toUpperCase()) ? 'incar' : null) })
  if (problems.length > 0) return { settings: null, problems }
  const preset = typeof parameters['preset'] === 'string' ? parameters['preset'] : DEFAULT_PRESET
  const bound = sourceProblems(parameters, preset)
  if (bound.length > 0) return { settings: null, problems: bound }
  const base = {
    calculation: SOURCE_PRESETS[preset]?.calculations[0] ?? 'static',
    preset,
    functional: 'PBE',
    incar: {},
    kScheme: 'gamma',
    pseudopotentials: {},
    allowUnknown: [],
    keepCharge: false,
  }
  return { settings: { ...base, ...parameters } as VaspSettings, problems }
}

/** A source's preset is its functional and its kinds of calculation: with others it would bear a name that is not its own. */
function sourceProblems(parameters: Readonly<Record<string, unknown>>, preset: string): readonly InputProblem[] {
  const source = SOURCE_PRESETS[preset]
  if (source === undefined) return []
  const { calculation } = parameters
  const has = source.calculations.map((one) => `"${one}"`).join(', ')
  return [
    ...(calculation !== undefined && !source.calculations.some((one) => one === calculation)
      ? [parameterProblem('calculation', `the preset ${preset} is for ${has}`, `write ${has}, or another preset`, calculation)]
      : []),
    ...['functional', 'dispersion'].flatMap((name) =>
      parameters[name] === undefined
        ? []
        : [
            parameterProblem(
              name,
              `the preset ${preset} fixes the functional`,
              `leave ${name} out, or write another preset`,
              parameters[name],
            ),
          ],
    ),
  ]
}

/** What a user said twice. Asked of the request alone: a remedy may override one way of saying it by the other. */
export function contradictions(parameters: Readonly<Record<string, unknown>>): readonly InputProblem[] {
  const { incar } = parameters
  const given = new Map(
    Object.entries(isRecord(incar) ? incar : {}).map(([name, value]) => [name.trim().toUpperCase(), value] as const),
  )
  const doubled = PAIRS.flatMap(([name, names]) =>
    parameters[name] === undefined
      ? []
      : names
          .filter((tag) => given.has(tag))
          .map((tag) =>
            parameterProblem(
              `incar.${tag}`,
              `incar.${tag} and ${name} say the same thing twice`,
              'leave one of them out',
              given.get(tag),
            ),
          ),
  )
  const ways = ['kSpacingPerAngstrom', 'kMesh', 'kPoints'].filter((name) => parameters[name] !== undefined)
  return ways.length > 1
    ? [...doubled, parameterProblem(ways[1] ?? '', `${ways.join(' and ')} exclude each other`, 'leave one of them out')]
    : doubled
}
