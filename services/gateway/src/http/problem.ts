import type { InputProblem, ProblemDocument } from '@crystalmath/contract'

/** At most so many problems are listed; the detail says how many there are. */
const MAX_LISTED = 1_000

/** Ends a request with a problem document (RFC 9457). */
export class HttpProblem extends Error {
  readonly document: ProblemDocument
  readonly headers: Readonly<Record<string, string>>
  constructor(document: Omit<ProblemDocument, 'type'>, headers: Readonly<Record<string, string>> = {}) {
    super(document.detail ?? document.title)
    this.name = 'HttpProblem'
    this.document = { type: 'about:blank', ...document }
    this.headers = headers
  }
}

export const badRequest = (detail: string, errors?: readonly InputProblem[]): HttpProblem =>
  new HttpProblem({
    title: 'The request cannot be read',
    status: 400,
    detail,
    ...(errors === undefined ? {} : { errors: [...errors] }),
  })

export const unauthorized = (detail: string): HttpProblem =>
  new HttpProblem({ title: 'Not signed in', status: 401, detail }, { 'www-authenticate': 'Bearer realm="crystalmath"' })

export const forbidden = (detail: string, errors?: readonly InputProblem[]): HttpProblem =>
  new HttpProblem({ title: 'Not allowed', status: 403, detail, ...(errors === undefined ? {} : { errors: [...errors] }) })

export const notFound = (detail: string, errors?: readonly InputProblem[]): HttpProblem =>
  new HttpProblem({ title: 'Not found', status: 404, detail, ...(errors === undefined ? {} : { errors: [...errors] }) })

export const conflict = (detail: string, headers: Readonly<Record<string, string>> = {}): HttpProblem =>
  new HttpProblem({ title: 'In conflict with the present state', status: 409, detail }, headers)

export const tooLarge = (detail: string): HttpProblem => new HttpProblem({ title: 'Too large', status: 413, detail })

export const unsupported = (detail: string): HttpProblem =>
  new HttpProblem({ title: 'Unsupported media type', status: 415, detail })

/** What was sent is well-formed and wrong: every field with value and mend. */
export function invalid(detail: string, errors: readonly InputProblem[]): HttpProblem {
  const more = errors.length > MAX_LISTED ? `; the first ${MAX_LISTED} of ${errors.length} problems are listed` : ''
  return new HttpProblem({
    title: 'The request is not valid',
    status: 422,
    detail: `${detail}${more}`,
    errors: errors.slice(0, MAX_LISTED),
  })
}

export const unavailable = (detail: string, retrySeconds: number): HttpProblem =>
  new HttpProblem({ title: 'Not available now', status: 503, detail }, { 'retry-after': String(retrySeconds) })
