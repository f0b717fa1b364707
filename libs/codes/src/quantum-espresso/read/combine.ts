import type { CalculationResult } from '@crystalmath/contract'
import type { Reading } from '../../code-reads.ts'
import { emptyResult } from '../../reading/result.ts'
import type { Reported } from './reported.ts'

export type QeReading = Reading<string, Reported>

/** One calculation from the files of a directory. */
export function combine(readings: readonly QeReading[]): CalculationResult {
  return readings[0]?.value.result ?? emptyResult('quantum-espresso')
}
