import { CalculationResult, type Diagnosis, type InputProblem, type ResultSummary, summaryOf } from '@crystalmath/contract'

/** What a calculation that was run elsewhere came to. */
export type Adopted = {
  readonly ok: true
  readonly result: CalculationResult
  readonly summary: ResultSummary
  /** Null for a good completion. */
  readonly diagnosis: Diagnosis | null
}
export type AdoptOutcome = Adopted | { readonly ok: false; readonly problems: readonly InputProblem[] }

/** Takes what a parser said of outputs; whether it is a good completion is judged here, by what the outputs themselves say. */
export function adoptedFrom(value: unknown): AdoptOutcome {
  const parsed = CalculationResult.safeParse(value)
  if (!parsed.success) {
    const problems = parsed.error.issues.slice(0, 5).map(({ path, message }) => ({
      path: ['adopted', ...path].join('.'),
      message,
      mend: 'send what "crystalmath parse --json" says',
    }))
    return { ok: false, problems }
  }
  const result = parsed.data
  return { ok: true, result, summary: summaryOf(result), diagnosis: result.diagnoses[0] ?? unfinished(result) }
}

function unfinished({ termination, electronicConverged, ionicConverged }: CalculationResult): Diagnosis | null {
  const evidence = { file: 'result', line: null, text: `termination ${termination}` }
  if (termination === 'truncated') return { kind: 'OUTPUT_INCOMPLETE', message: 'the output stops in the middle', evidence }
  if (termination === 'error') return { kind: 'UNKNOWN_FAILURE', message: 'the program says that it failed', evidence }
  if (electronicConverged === false)
    return { kind: 'ELECTRONIC_NOT_CONVERGED', message: 'the electronic structure did not converge', evidence }
  if (ionicConverged === false) return { kind: 'IONIC_NOT_CONVERGED', message: 'the geometry did not converge', evidence }
  return null
}
