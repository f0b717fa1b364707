import { ProblemDocument } from '@crystalmath/contract'
import { ProblemError, UnreachableError } from './problem-error.ts'

/** Where the platform is, and who asks. */
export type ClientOptions = {
  /** `http://127.0.0.1:4100`, without a path. */
  readonly url: string
  /** Bearer token; absent only for `/openapi.json` and health. */
  readonly token?: string | undefined
  /** Longest wait for one answer, milliseconds. Streams have none. */
  readonly timeoutMs?: number | undefined
}

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

export type Call = {
  readonly query?: Query | undefined
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly idempotencyKey?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number | undefined
}

const TIMEOUT_MS = 60_000

export type Http = {
  readonly url: string
  /** The answer's JSON; null for an empty one. Throws `ProblemError` or `UnreachableError`. */
  json<T>(method: string, path: string, call?: Call): Promise<T>
  /** The answer itself, for streams and files. */
  raw(method: string, path: string, call?: Call): Promise<Response>
}

/** Calls of the platform's API over fetch. */
export function openHttp({ url, token, timeoutMs = TIMEOUT_MS }: ClientOptions): Http {
  const base = url.replace(/\/+$/, '')
  const raw = async (method: string, path: string, call: Call = {}): Promise<Response> => {
    const limit = call.signal === undefined ? AbortSignal.timeout(call.timeoutMs ?? timeoutMs) : call.signal
    const response = await fetch(`${base}${path}${queryString(call.query)}`, {
      method,
      signal: limit,
      headers: {
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey }),
        ...call.headers,
      },
      ...(call.body === undefined ? {} : { body: typeof call.body === 'string' ? call.body : JSON.stringify(call.body) }),
    }).catch((error: unknown) => {
      throw call.signal?.aborted === true ? error : new UnreachableError(base, error)
    })
    if (!response.ok && response.status !== 304) throw await problemOf(response)
    return response
  }
  return {
    url: base,
    raw,
    json: async <T>(method: string, path: string, call?: Call) => {
      const text = await (await raw(method, path, call)).text()
      return (text === '' ? null : JSON.parse(text)) as T
    },
  }
}

function queryString(query: Query = {}): string {
  const words = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    for (const one of typeof value === 'object' ? value : [value]) words.append(name, String(one))
  }
  const text = words.toString()
  return text === '' ? '' : `?${text}`
}

async function problemOf(response: Response): Promise<ProblemError> {
  const text = await response.text()
  const requestId = response.headers.get('x-request-id')
  try {
    return new ProblemError(ProblemDocument.parse(JSON.parse(text)), requestId)
  } catch {
    const detail = text.slice(0, 300)
    return new ProblemError({ type: 'about:blank', title: `HTTP ${response.status}`, status: response.status, detail }, requestId)
  }
}
