import type { InputProblem, ProblemDocument } from '@crystalmath/contract'

/** The platform refused a request. `problem.errors` has every row and field that is wrong, with value and mend. */
export class ProblemError extends Error {
  readonly status: number
  readonly problem: ProblemDocument
  /** Quote it to an operator: the log has the request under it. */
  readonly requestId: string | null
  readonly retryAfterSeconds: number | null
  constructor(problem: ProblemDocument, requestId: string | null, retryAfterSeconds: number | null = null) {
    super(problem.detail === undefined ? problem.title : `${problem.title}: ${problem.detail}`)
    this.name = 'ProblemError'
    this.status = problem.status
    this.problem = problem
    this.requestId = requestId
    this.retryAfterSeconds = retryAfterSeconds
  }
  get errors(): readonly InputProblem[] {
    return this.problem.errors ?? []
  }
}

/** Nobody answers at the address. */
export class UnreachableError extends Error {
  readonly url: string
  constructor(url: string, cause: unknown) {
    super(`no answer from ${url}: ${reasonOf(cause)}`, { cause })
    this.name = 'UnreachableError'
    this.url = url
  }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof AggregateError) return reasonOf(error.cause.errors[0])
  return error.cause instanceof Error ? error.cause.message : error.message
}
