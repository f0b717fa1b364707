import { inSubmittedOrder } from '@crystalmath/codes/submitted-order'
import { type CalculationResult, type CodeName, type ResultSummary, type Structure, summaryOf } from '@crystalmath/contract/plain'
import { parsePath } from '@crystalmath/files'
import { bodyOf, type ResultBody } from '@crystalmath/store/packed'

/** One attempt's outputs. */
export type Task = {
  readonly path: string
  readonly code: CodeName
  /** Evidence names files without it. */
  readonly folder: string
  /** Where atoms were written in another order than they were submitted in. */
  readonly submitted: { readonly structure: Structure; readonly order: readonly number[] } | null
}

/** What a cause is found from. */
export type Verdict = Pick<CalculationResult, 'termination' | 'electronicConverged' | 'ionicConverged' | 'diagnoses'>

/** A result as it is handed on to be stored, and what its job is told of it. */
export type ReadResult = { readonly body: ResultBody; readonly summary: ResultSummary; readonly verdict: Verdict }

/** Reads a directory or file as one calculation, for a thread of its own. Throws `PermanentError` for what is no such output. */
export async function readResult({ path, code, folder, submitted }: Task): Promise<ReadResult> {
  const result = withoutFolder(await parsePath(path, { code, full: true }), folder)
  return toReadResult(submitted === null ? result : inSubmittedOrder(result, submitted.structure, submitted.order))
}

export function toReadResult(result: CalculationResult): ReadResult {
  const { termination, electronicConverged, ionicConverged, diagnoses } = result
  const verdict = { termination, electronicConverged, ionicConverged, diagnoses }
  return { body: bodyOf(result), summary: summaryOf(result), verdict }
}

/** Evidence names files as they lie in the attempt's directory. */
const withoutFolder = (result: CalculationResult, folder: string): CalculationResult => ({
  ...result,
  diagnoses: result.diagnoses.map((diagnosis) => ({
    ...diagnosis,
    message: diagnosis.message.replaceAll(`${folder}/`, ''),
    evidence: { ...diagnosis.evidence, file: diagnosis.evidence.file.replace(`${folder}/`, '') },
  })),
  warnings: result.warnings.map((warning) => warning.replaceAll(`${folder}/`, '')),
})
