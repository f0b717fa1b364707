import type { InputProblem } from '@crystalmath/contract'
import { memberProblems } from '../../writing/known-keys.ts'
import { aNumber, aWholeNumber, type Check, isRecord, oneOf, parameterProblem } from '../../writing/problems.ts'

/** `ip`: absorption of independent particles; `cohsex`: quasiparticles with the static screening alone. */
export const CALCULATIONS = ['setup', 'hf', 'cohsex', 'gw', 'ip', 'bse'] as const

/** A block of states: k points of the irreducible zone and bands, from 1, both ends included. */
export type States = { readonly kPoints: readonly [number, number]; readonly bands: readonly [number, number] }

/** Parameters of a job for YAMBO, checked. Absent members were not given. */
export type YamboSettings = {
  readonly calculation: (typeof CALCULATIONS)[number]
  /** Parameters of the quantum-espresso job that makes the states; its mesh and its cut-offs. */
  readonly pw: Readonly<Record<string, unknown>>
  /** Bands of the states: the sums run over them. */
  readonly bandCount: number
  readonly exchangeCutoffRydberg?: number
  readonly screeningCutoffRydberg?: number
  /** Bands of the polarisation and of the self-energy; else all. */
  readonly screeningBandCount?: number
  readonly selfEnergyBandCount?: number
  readonly plasmonPoleEv: number
  readonly quasiparticles?: readonly States[]
  /** BSE: bands of the transitions, scissor and energies. */
  readonly transitionBands?: readonly [number, number]
  readonly scissorEv: number
  readonly energyRangeEv: readonly [number, number]
  readonly energySteps: number
  readonly dampingEv: number
  readonly fieldDirection: readonly [number, number, number]
  /** YAMBO 5 asks for the Dyson equation by a word of its own. */
  readonly release: 4 | 5
}

const isRange = (value: unknown): value is readonly [number, number] =>
  Array.isArray(value) &&
  value.length === 2 &&
  value.every((one) => Number.isSafeInteger(one) && one >= 1) &&
  value[0] <= value[1]
const aRange: Check = (value) => (isRange(value) ? null : 'two whole numbers from 1, the first not above the second')
const states: Check = (value) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one) => isRecord(one) && Object.keys(one).length === 2 && isRange(one['kPoints']) && isRange(one['bands']))
    ? null
    : 'a list of { "kPoints": [from, to], "bands": [from, to] }'
const numbers =
  (count: number): Check =>
  (value) =>
    Array.isArray(value) && value.length === count && value.every((one) => Number.isFinite(one)) ? null : `${count} numbers`

const CHECKS: Readonly<Record<string, Check>> = {
  calculation: oneOf(...CALCULATIONS),
  pw: (value) => (isRecord(value) ? null : 'an object: the parameters of the quantum-espresso job before it'),
  bandCount: aWholeNumber({ least: 1, most: 100_000 }),
  exchangeCutoffRydberg: aNumber({ above: 0, most: 10_000 }),
  screeningCutoffRydberg: aNumber({ above: 0, most: 10_000 }),
  screeningBandCount: aWholeNumber({ least: 1 }),
  selfEnergyBandCount: aWholeNumber({ least: 1 }),
  plasmonPoleEv: aNumber({ above: 0, most: 1_000 }),
  quasiparticles: states,
  transitionBands: aRange,
  scissorEv: aNumber({ least: 0, most: 50 }),
  energyRangeEv: numbers(2),
  energySteps: aWholeNumber({ least: 2, most: 1_000_000 }),
  dampingEv: aNumber({ above: 0, most: 10 }),
  fieldDirection: numbers(3),
  release: (value) => (value === 4 || value === 5 ? null : '4 or 5'),
}

/** What each calculation cannot do without. */
const NEEDS: Readonly<Record<YamboSettings['calculation'], readonly (keyof YamboSettings)[]>> = {
  setup: [],
  hf: ['exchangeCutoffRydberg', 'quasiparticles'],
  cohsex: ['exchangeCutoffRydberg', 'screeningCutoffRydberg', 'quasiparticles'],
  ip: [],
  gw: ['exchangeCutoffRydberg', 'screeningCutoffRydberg', 'quasiparticles'],
  bse: ['exchangeCutoffRydberg', 'screeningCutoffRydberg', 'transitionBands'],
}

export function settingsOf(parameters: Readonly<Record<string, unknown>>): {
  readonly settings: YamboSettings | null
  readonly problems: readonly InputProblem[]
} {
  const shape = memberProblems(parameters, CHECKS)
  if (shape.length > 0) return { settings: null, problems: shape }
  const base = {
    ...{ calculation: 'gw', pw: {}, plasmonPoleEv: 27.21138, scissorEv: 0, energyRangeEv: [0, 10], energySteps: 500 },
    ...{ dampingEv: 0.1, fieldDirection: [1, 0, 0], release: 5 },
  }
  const settings = { ...base, ...parameters } as unknown as YamboSettings
  const missing = (['bandCount', ...NEEDS[settings.calculation]] as const).filter((name) => settings[name] === undefined)
  const problems = [
    ...missing.map((name) =>
      parameterProblem(
        name,
        `${name} is missing: ${settings.calculation} has no value that is always good`,
        `set parameters.${name} to a converged value`,
      ),
    ),
    ...bandProblems(settings),
  ]
  return { settings: problems.length > 0 ? null : settings, problems }
}

function bandProblems(settings: YamboSettings): readonly InputProblem[] {
  const { bandCount, quasiparticles = [], transitionBands, energyRangeEv } = settings
  const above = (path: string, band: number | undefined) =>
    band !== undefined && band > bandCount
      ? [parameterProblem(path, `band ${band} is above the ${bandCount} that are computed`, 'write a larger bandCount', band)]
      : []
  return [
    ...above('screeningBandCount', settings.screeningBandCount),
    ...above('selfEnergyBandCount', settings.selfEnergyBandCount),
    ...quasiparticles.flatMap(({ bands }, index) => above(`quasiparticles[${index}].bands`, bands[1])),
    ...above('transitionBands', transitionBands?.[1]),
    ...(energyRangeEv[0] >= energyRangeEv[1]
      ? [parameterProblem('energyRangeEv', 'the range of energies is empty', 'write [0, 10] for example', energyRangeEv)]
      : []),
  ]
}
