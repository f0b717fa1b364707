import type { Diagnosis, Effect } from '@crystalmath/contract'
import type { CodeWrites, Remedy } from '../code-writes.ts'

/** Remedies of a cause that a job allows and has not used up, mildest first. `tried`: the rules of its attempts so far. */
export const openRemedies = (
  writes: CodeWrites | undefined,
  kind: Diagnosis['kind'],
  { effects, tried }: { readonly effects: readonly Effect[]; readonly tried: readonly string[] },
): readonly Remedy[] =>
  (writes?.remedies[kind] ?? []).filter(
    ({ name, limit, effect }) => effects.includes(effect) && tried.filter((rule) => rule === name).length < limit,
  )

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
