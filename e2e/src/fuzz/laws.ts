import { CalculationResult } from '@crystalmath/contract'
import { MUTATIONS, type Random } from './mutations.ts'
import { readText, type Subject } from './subjects.ts'

/** A mutated output of 100 kB is read in milliseconds; this is for a busy machine. */
const MAX_MS = 2_000

export type Trial = { readonly subject: Subject; readonly other: Subject; readonly mutation: string; readonly random: Random }

/** Breaks one output and tells what the reader did wrong; null if nothing. `wholes` remembers what whole outputs say. */
export function trouble(
  { subject: broken, other, mutation, random }: Trial,
  wholes: Map<Subject, CalculationResult>,
): string | null {
  const subject = mutation === 'prefix' ? beginningOf(broken) : broken
  const text = MUTATIONS[mutation]?.(subject.text, random, other.text)
  if (text === undefined) return `there is no mutation "${mutation}"`
  const began = performance.now()
  const result = readText(subject, text, cutsOf(text, random))
  const took = performance.now() - began
  if (took > MAX_MS) return `took ${took.toFixed(0)} ms for ${text.length} characters`
  const invalid = CalculationResult.safeParse(result).error?.issues[0] ?? null
  if (invalid !== null) return `${invalid.path.join('.')}: ${invalid.message}`
  const odd = notFinite(result, '')
  if (odd !== null) return `${odd} is no finite number`
  return mutation === 'prefix' ? contradiction(result, wholeOf(subject, wholes)) : null
}

/** A prefix is held against what an output says: of a shortened one, its first part. */
function beginningOf(subject: Subject): Subject {
  if (subject.joint === null) return subject
  const known = beginnings.get(subject) ?? { ...subject, text: subject.text.slice(0, subject.joint), joint: null }
  beginnings.set(subject, known)
  return known
}

const beginnings = new WeakMap<Subject, Subject>()

function wholeOf(subject: Subject, wholes: Map<Subject, CalculationResult>): CalculationResult {
  const known = wholes.get(subject) ?? readText(subject, subject.text)
  wholes.set(subject, known)
  return known
}

/** A few places behind newlines, where blocks end. */
function cutsOf(text: string, random: Random): readonly number[] {
  const cuts = new Set<number>()
  for (let left = Math.floor(random() * 4); left > 0; left -= 1)
    cuts.add(text.indexOf('\n', Math.floor(random() * text.length)) + 1)
  return [...cuts].sort((a, b) => a - b)
}

/** Also below `properties` and `method`, where the contract lets more pass. */
function notFinite(value: unknown, path: string): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : path
  if (typeof value !== 'object' || value === null) return null
  for (const [key, inner] of Object.entries(value)) {
    const odd = notFinite(inner, `${path}.${key}`)
    if (odd !== null) return odd
  }
  return null
}

/** Quantities of one ionic step. */
const OF_STEPS = ['energyEv', 'freeEnergyEv', 'maxForceEvPerAngstrom', 'pressureGpa', 'temperatureK', 'scfStepCount'] as const
/** Quantities of a run. */
const OF_RUNS = ['codeVersion', 'atomCount', 'formula'] as const
/** Quantities of the step of the energy. */
const OF_LAST = ['energyEv', 'freeEnergyEv', 'maxForceEvPerAngstrom', 'pressureGpa'] as const

const isSaid = (value: unknown): boolean => value !== null && value !== undefined

/** A volume may come from a cell or from a line, each rounded in its own way; a version may be told more closely further down. */
function differ(a: unknown, b: unknown): boolean {
  if (!isSaid(a) || !isSaid(b) || a === b) return false
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) > 1e-7 + 1e-9 * Math.abs(b)
  return !String(b).startsWith(`${String(a)} `)
}

/** What a prefix says of a step, and the whole file says otherwise. */
export function contradiction(part: CalculationResult, whole: CalculationResult): string | null {
  for (const key of OF_RUNS)
    if (differ(part[key], whole[key])) return `${key} is ${part[key]} in a prefix and ${whole[key]} in the whole`
  const steps = whole.properties.trajectory ?? []
  for (const [i, step] of (part.properties.trajectory ?? []).entries())
    for (const key of OF_STEPS)
      if (differ(step[key], steps[i]?.[key]))
        return `${key} of step ${i + 1} is ${step[key]} in a prefix and ${steps[i]?.[key]} in the whole`
  if (part.ionicStepCount === null || part.ionicStepCount !== whole.ionicStepCount) return null
  for (const key of OF_LAST)
    if (differ(part[key], whole[key])) return `${key} is ${part[key]} in a prefix with all steps and ${whole[key]} in the whole`
  return part.energyEv !== null && whole.energyEv === null
    ? `energyEv is ${part.energyEv} in a prefix with all steps and null in the whole`
    : null
}
