import type { CalculationResult } from '@crystalmath/contract'
import type { ReadingOf } from '../../code-reads.ts'
import { emptyResult } from '../../reading/result.ts'
import { outputResult } from './output-result.ts'
import type { readers } from './readers.ts'

type OrcaReading = ReadingOf<typeof readers>

/** One calculation: the newest standard output decides; the other files add what agrees. */
export function combine(readings: readonly OrcaReading[]): CalculationResult {
  const outputs = readings.flatMap((reading) => (reading.kind === 'output' ? [reading] : []))
  const main = outputs.at(-1)
  return main === undefined ? emptyResult('orca') : outputResult(main.value, main.file)
}
