import type { Diagnosis, Effect } from '@crystalmath/contract'
import type { CodeWrites, Remedy } from '../code-writes.ts'

/** What a job allows, and the rules of its attempts so far. */
export type Standing = { readonly effects: readonly Effect[]; readonly tried: readonly string[] }

/** Whether a remedy of a cause may be tried. Going on after a preemption is no attempt at anything else: it uses up nothing. */
export function standingOf(
  kind: Diagnosis['kind'],
  { name, limit, effect }: Remedy,
  { effects, tried }: Standing,
): 'open' | 'not allowed' | 'used up' {
  if (!effects.includes(effect)) return 'not allowed'
  const used = tried.filter((rule) => rule === name).length
  return used >= limit && kind !== 'PREEMPTED' ? 'used up' : 'open'
}

/** Remedies of a cause that may be tried, mildest first. */
export const openRemedies = (writes: CodeWrites | undefined, kind: Diagnosis['kind'], standing: Standing): readonly Remedy[] =>
  (writes?.remedies[kind] ?? []).filter((remedy) => standingOf(kind, remedy, standing) === 'open')

/** What follows from the numbers of a run that ended well and converged: it computed what was asked for, which may not be what was meant. */
const ADVICE: ReadonlySet<string> = new Set([
  'DRIFT',
  'INCORRECT_SMEARING',
  'KSPACING_METAL',
  'LARGE_SIGMA',
  'POTIM',
  'SCAN_METAL',
])

/** Whether a cause asks for another attempt where a remedy may be tried, and is a remark on a good result where none may. */
export const isAdvice = (kind: Diagnosis['kind']): boolean => ADVICE.has(kind)
