import type { CalculationResult } from '@crystalmath/contract/plain'
import type { Artefacts } from '../code-writes.ts'

/** What the outputs of an attempt say of the files that it left. */
export function runFactsOf(result: CalculationResult | null): NonNullable<Artefacts['facts']> {
  const method = result?.method
  const { kPointCount = null, bandCount = null, spinPolarized = null, cutoffEv = null, basisFunctionCount = null } = method ?? {}
  return {
    kPointCount,
    bandCount,
    spins: spinPolarized === null ? null : spinPolarized ? 2 : 1,
    cutoffEv,
    basisFunctionCount,
    pseudopotentials: method?.pseudopotentials ?? null,
  }
}
