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
  /** A body that comes piece by piece, begun anew by each call; its content-type is among `headers`. */
  readonly stream?: (() => AsyncIterable<Uint8Array>) | undefined
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

/** Pauses before an interrupted call is repeated: a gateway that restarts is back within them. */
const PAUSES_MS = [200, 600, 1_200]

/** Calls of the platform's API over fetch. What may be repeated (reads, and writes with an Idempotency-Key) is, when the connection breaks or the gateway is busy. */
export function openHttp({ url, token, timeoutMs = TIMEOUT_MS }: ClientOptions): Http {
  const base = url.replace(/\/+$/, '')
  const once = async (method: string, path: string, call: Call): Promise<Response> => {
    const response = await fetch(`${base}${path}${queryString(call.query)}`, {
      method,
      signal: call.signal ?? AbortSignal.timeout(call.timeoutMs ?? timeoutMs),
      headers: headersOf(call, token),
      ...bodyOf(call),
    }).catch((error: unknown) => {
      throw call.signal?.aborted === true ? error : new UnreachableError(base, error)
    })
    if (!response.ok && response.status !== 304) throw await problemOf(response)
    return response
  }
  const raw = async (method: string, path: string, call: Call = {}): Promise<Response> => {
    const isRepeatable = call.signal === undefined && (method !== 'POST' || call.idempotencyKey !== undefined)
    for (const pauseMs of isRepeatable ? PAUSES_MS : []) {
      try {
        return await once(method, path, call)
      } catch (error) {
        if (!isPassing(error)) throw error
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
      }
    }
    return once(method, path, call)
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

function bodyOf({ body, stream }: Call): { readonly body?: string | ReadableStream; readonly duplex?: 'half' } {
  if (stream !== undefined) return { body: ReadableStream.from(stream()), duplex: 'half' }
  return body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
}

const headersOf = (call: Call, token: string | undefined): Record<string, string> => ({
  accept: 'application/json',
  ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
  ...(call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey }),
  ...call.headers,
})

/** A broken connection, a key that is at work, or a gateway that says it is back within seconds. A time-out was waited for long enough. */
function isPassing(error: unknown): boolean {
  if (error instanceof UnreachableError) return !(error.cause instanceof Error && error.cause.name === 'TimeoutError')
  if (!(error instanceof ProblemError)) return false
  return error.status === 429 || error.status === 502 || (error.retryAfterSeconds !== null && error.retryAfterSeconds <= 5)
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
  const wait = Number(response.headers.get('retry-after') ?? Number.NaN)
  const retryAfter = Number.isFinite(wait) ? wait : null
  try {
    return new ProblemError(ProblemDocument.parse(JSON.parse(text)), requestId, retryAfter)
  } catch {
    const detail = text.slice(0, 300)
    return new ProblemError(
      { type: 'about:blank', title: `HTTP ${response.status}`, status: response.status, detail },
      requestId,
      retryAfter,
    )
  }
}
