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
import { DEFAULT_PRESET, PRESETS, type PresetName } from '../presets.ts'
import { PW_NAMELISTS } from './pw-keywords.ts'

export const CALCULATIONS = ['scf', 'nscf', 'bands', 'relax', 'vc-relax', 'md', 'vc-md'] as const
export type Calculation = (typeof CALCULATIONS)[number]

/** Our words for a smearing, with what pw.x calls it. */
export const SMEARINGS = {
  fermi: 'fermi-dirac',
  gaussian: 'gaussian',
  'methfessel-paxton': 'methfessel-paxton',
  cold: 'marzari-vanderbilt',
} as const
export type SmearingKind = keyof typeof SMEARINGS

/** Parameters of a job for pw.x, checked. Absent members were not given. */
export type PwSettings = {
  readonly calculation: Calculation
  readonly preset: PresetName
  readonly cutoffRydberg?: number
  readonly densityCutoffRydberg?: number
  readonly kSpacingPerAngstrom?: number
  readonly kMesh?: Vector3
  /** 0 or 1 per direction. */
  readonly kShift?: Vector3
  /** Fractional coordinates of the reciprocal lattice, with a weight where there is a fourth number. */
  readonly kPoints?: readonly (readonly number[])[]
  /** `auto`: for bands, the path of HPKOT in the submitted cell. */
  readonly kPath?: 'auto'
  /** Of neighbours along that path, 1/Å with 2π included. */
  readonly kPathSpacingPerAngstrom?: number
  /** Null: fixed occupations. */
  readonly smearing?: { readonly kind: SmearingKind; readonly widthEv: number } | null
  readonly pseudopotentials: Readonly<Record<string, unknown>>
  readonly pseudopotentialFamily?: string
  /** Å of empty space around a molecule. */
  readonly vacuumAngstrom?: number
  /** Pools of k points (`-nk`). */
  readonly pools?: number
  /** Further cards as pw.x reads them, `HUBBARD (ortho-atomic)\nU Fe-3d 4.0`. */
  readonly cards: readonly string[]
  /** Whether the charge density comes back with the outputs. */
  readonly keepCharge: boolean
}

const CARDS = /^(HUBBARD|CONSTRAINTS|OCCUPATIONS|ATOMIC_VELOCITIES|ATOMIC_FORCES|ADDITIONAL_K_POINTS|SOLVENTS)\b/

const aCard: Check = (value) =>
  typeof value === 'string' && CARDS.test(value) ? null : 'a card that begins with HUBBARD, CONSTRAINTS, OCCUPATIONS, …'
const aRecord: Check = (value) => (isRecord(value) ? null : 'an object')
const listOf =
  (member: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every((one) => member(one) === null)
      ? null
      : `a list, not empty, of: ${member(undefined)}`
const aKPoint: Check = (value) =>
  Array.isArray(value) &&
  (value.length === 3 || value.length === 4) &&
  value.every((one) => Number.isFinite(one)) &&
  !(value[3] < 0)
    ? null
    : 'three fractional coordinates and, if wanted, a weight'
const aSmearing: Check = (value) => {
  if (value === null) return null
  const fine =
    isRecord(value) &&
    memberProblems(value, { kind: oneOf(...Object.keys(SMEARINGS)), widthEv: aNumber({ above: 0, most: 20 }) }).length === 0
  return fine && value['kind'] !== undefined && value['widthEv'] !== undefined
    ? null
    : `{ "kind": one of ${Object.keys(SMEARINGS).join(', ')}, "widthEv": a number above 0 }, or null for fixed occupations`
}

const CHECKS: Readonly<Record<string, Check>> = {
  calculation: oneOf(...CALCULATIONS),
  preset: oneOf(...Object.keys(PRESETS)),
  cutoffRydberg: aNumber({ above: 0, most: 10_000 }),
  densityCutoffRydberg: aNumber({ above: 0, most: 100_000 }),
  kSpacingPerAngstrom: aNumber({ least: 0.005, most: 20 }),
  kMesh: aTriple(aWholeNumber({ least: 1, most: 1_000 })),
  kShift: aTriple(aWholeNumber({ least: 0, most: 1 })),
  kPoints: listOf(aKPoint),
  kPath: oneOf('auto'),
  kPathSpacingPerAngstrom: aNumber({ least: 0.0005, most: 2 }),
  smearing: aSmearing,
  pseudopotentials: aRecord,
  pseudopotentialFamily: aText,
  vacuumAngstrom: aNumber({ least: 2, most: 100 }),
  pools: aWholeNumber({ least: 1 }),
  cards: listOf(aCard),
  keepCharge: aFlag,
  control: aRecord,
  system: aRecord,
  electrons: aRecord,
  ions: aRecord,
  cell: aRecord,
  // of ph.x, for all its steps
  inputph: aRecord,
}

/** The namelist of a keyword that was written beside the namelists. */
const homeOf = (name: string): string | null =>
  Object.entries(PW_NAMELISTS).find(([, table]) => Object.hasOwn(table, name.toLowerCase().replace(/\(.*$/, '')))?.[0] ?? null

/** The settings, or everything that is wrong with them. Namelists are checked elsewhere. */
export function settingsOf(parameters: Readonly<Record<string, unknown>>): {
  readonly settings: PwSettings | null
  readonly problems: readonly InputProblem[]
} {
  const problems = memberProblems(parameters, CHECKS, { homeOf })
  if (problems.length > 0) return { settings: null, problems }
  const { control, system, electrons, ions, cell, inputph, ...rest } = parameters
  const settings = {
    calculation: 'scf',
    preset: DEFAULT_PRESET,
    pseudopotentials: {},
    cards: [],
    keepCharge: false,
    ...rest,
  } as PwSettings
  return { settings, problems }
}

/** One thing said in two ways. */
const PAIRS: readonly (readonly [string, string, string])[] = [
  ['cutoffRydberg', 'system', 'ecutwfc'],
  ['densityCutoffRydberg', 'system', 'ecutrho'],
  ['calculation', 'control', 'calculation'],
  ['smearing', 'system', 'occupations'],
  ['smearing', 'system', 'smearing'],
  ['smearing', 'system', 'degauss'],
]

/** What a user said twice. Asked of the request alone: a remedy may override one way of saying it by the other. */
export function contradictions(parameters: Readonly<Record<string, unknown>>): readonly InputProblem[] {
  const doubled = PAIRS.flatMap(([name, namelist, keyword]) => {
    const members = parameters[namelist]
    const twice = parameters[name] !== undefined && isRecord(members) && members[keyword] !== undefined
    return twice
      ? [
          parameterProblem(
            `${namelist}.${keyword}`,
            `${namelist}.${keyword} and ${name} say the same thing twice`,
            'leave one of them out',
            members[keyword],
          ),
        ]
      : []
  })
  const kWays = ['kSpacingPerAngstrom', 'kMesh', 'kPoints'].filter((name) => parameters[name] !== undefined)
  // for bands, kPoints is the path and the others are the mesh of the density
  const many =
    kWays.length > 1 && parameters['calculation'] !== 'bands'
      ? [parameterProblem(kWays[1] ?? '', `${kWays.join(' and ')} exclude each other`, 'leave one of them out')]
      : []
  const shift =
    parameters['kShift'] !== undefined && kWays.join() === 'kPoints'
      ? [parameterProblem('kShift', 'a list of k points has no shift', 'leave kShift out')]
      : []
  const path =
    parameters['kPath'] !== undefined && parameters['kPoints'] !== undefined
      ? [parameterProblem('kPath', 'kPath and kPoints exclude each other', 'leave one of them out')]
      : []
  return [...doubled, ...many, ...shift, ...path]
}
