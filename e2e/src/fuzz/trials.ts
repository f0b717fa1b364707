import type { CalculationResult } from '@crystalmath/contract'
import { randomFrom } from '../kills.ts'
import { trouble } from './laws.ts'
import { MUTATIONS } from './mutations.ts'
import type { Subject } from './subjects.ts'

export type Failure = {
  readonly index: number
  readonly code: string
  readonly of: string
  readonly mutation: string
  readonly why: string
}

const NAMES = Object.keys(MUTATIONS)

/** What trial number `index` breaks, and how: the same for the same seed, whatever was tried before. */
export function plan(subjects: readonly Subject[], seed: number, index: number) {
  const random = randomFrom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b))
  random()
  const subject = subjects[index % subjects.length]
  if (subject === undefined) throw new Error('there is nothing to break')
  const kin = subjects.filter(({ code, kind }) => code === subject.code && kind === subject.kind)
  const other = kin[Math.floor(random() * kin.length)] ?? subject
  // prefixes are what real life brings: every third
  const mutation = random() < 0.3 ? 'prefix' : (NAMES[Math.floor(random() * NAMES.length)] ?? 'flip')
  return { subject, other, mutation, random }
}

/** Runs one trial; what the reader throws is a failure. */
export function attempt(
  subjects: readonly Subject[],
  seed: number,
  index: number,
  wholes: Map<Subject, CalculationResult>,
): Failure | null {
  const trial = plan(subjects, seed, index)
  const { subject, mutation } = trial
  const why = troubleOrThrown(trial, wholes)
  return why === null ? null : { index, code: subject.code, of: `${subject.kind} ${subject.name}`, mutation, why }
}

function troubleOrThrown(trial: ReturnType<typeof plan>, wholes: Map<Subject, CalculationResult>): string | null {
  try {
    return trouble(trial, wholes)
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 3).join(' ') : String(error)
  }
}
