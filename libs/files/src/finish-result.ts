import type { CalculationResult, Diagnosis } from '@crystalmath/contract'

/** Adds what reading the files found to what the code's member made of them. Its own causes come first. */
export function finishResult(
  result: CalculationResult,
  diagnoses: readonly Diagnosis[],
  warnings: readonly string[],
): CalculationResult {
  return {
    ...result,
    diagnoses: [...result.diagnoses, ...diagnoses].map((diagnosis) => ({
      ...diagnosis,
      message: readable(diagnosis.message),
      evidence: { ...diagnosis.evidence, text: readable(diagnosis.evidence.text) },
    })),
    warnings: [...result.warnings.map(readable), ...warnings],
  }
}

const BEYOND_ASCII = /[\u0080-\u00ff]/
const BEYOND_LATIN1 = /[\u0100-\uffff]/

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Readers get Latin-1; what was UTF-8 is shown as such. */
function readable(text: string): string {
  if (!BEYOND_ASCII.test(text) || BEYOND_LATIN1.test(text)) return text
  try {
    return utf8.decode(Buffer.from(text, 'latin1'))
  } catch (error) {
    if (error instanceof TypeError) return text // it was Latin-1 indeed
    throw error
  }
}
