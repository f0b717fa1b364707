import type { Diagnosis } from '@crystalmath/contract'

/** How the convergence column of the newest SCF runs: only the last values are kept. */
export type ScfTrend = { readonly last: readonly number[]; readonly line: number; readonly text: string }

/** custodian: more than five equal values, or ten rising ones with some above 1. */
const KEPT = 10
const STUCK = 6

export const withStep = (trend: ScfTrend | null, convergence: number, line: number, text: string): ScfTrend => ({
  last: [...(trend?.last ?? []), convergence].slice(-KEPT),
  line,
  text,
})

/** Why an SCF that did not converge may not have: stuck for want of numerical precision, or running away. Null where its column tells nothing. */
export function troubleOf({ last, line, text }: ScfTrend, file: string): Diagnosis | null {
  const evidence = { file, line, text }
  const newest = last.at(-1)
  if (last.length >= STUCK && newest !== 0 && last.slice(-STUCK).every((one) => one === newest))
    return {
      kind: 'INSUFFICIENT_PRECISION',
      message: `the SCF stands still at ${newest}: numerical precision (EPS_DEFAULT, the grid) is too low`,
      evidence,
    }
  const rises = last.length === KEPT && last.every((one, i) => i === 0 || one > (last[i - 1] ?? one))
  return rises && (newest ?? 0) > 1
    ? { kind: 'DIVERGING_SCF', message: 'the SCF diverges: its last ten steps all rise', evidence }
    : null
}
