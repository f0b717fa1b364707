import { randomUUID } from 'node:crypto'
import { PermanentError, TransientError } from '@crystalmath/contract'
import { asStoreError, findBearer, listProjects } from '@crystalmath/store'
import type { Request, RequestHandler, Response } from 'express'
import type { Deps } from '../deps.ts'
import { parseBody } from './body.ts'
import { checkKey, hashRequest, onceOnly } from './idempotency.ts'
import { badRequest, conflict, forbidden, HttpProblem, invalid, unauthorized, unavailable } from './problem.ts'
import type { openRateLimit } from './rate-limit.ts'
import type { Answer, Call, Caller, Route } from './route.ts'
import { problemsOf } from './zod-problems.ts'

const NOBODY = {
  user: { id: 'nobody', name: '', admin: false, createdAt: '', disabledAt: null },
  projects: [],
} as unknown as Caller

/** A route as express runs it: who asks, what is asked, the answer, and every error as a problem document. */
export const answering =
  (deps: Deps, route: Route, rates: ReturnType<typeof openRateLimit>): RequestHandler =>
  async (request, response) => {
    response.locals['route'] = route.path
    try {
      const caller = route.allow === 'anyone' ? NOBODY : await identify(deps, request, response, rates)
      if (route.allow === 'admin' && !caller.user.admin) throw forbidden('this is for administrators only')
      const text = route.body === undefined ? '' : await deps.bodies.readText(request, response)
      const key = route.method === 'post' ? checkKey(request.get('idempotency-key')) : null
      const repeatable = key === null ? null : { user: caller.user.id, key, method: route.method, url: request.originalUrl, text }
      const call = {
        deps,
        caller,
        params: paramsOf(request),
        query: checkQuery(route, request),
        body: checkBody(route, text, request.get('content-type')),
        requestId: requestIdOf(response),
        idempotency: repeatable === null ? null : hashRequest(repeatable),
        header: (name: string) => request.get(name),
      } as unknown as Call<never, never>
      if (route.serve !== undefined) return await route.serve(call, request, response)
      const run = async () => (await route.handle?.(call)) ?? { status: 204 }
      send(response, repeatable === null ? await run() : await onceOnly(deps, repeatable, run))
    } catch (error) {
      fail(deps, request, response, error)
    }
  }

async function identify(
  { store, now }: Deps,
  request: Request,
  response: Response,
  rates: ReturnType<typeof openRateLimit>,
): Promise<Caller> {
  const header = request.get('authorization')
  if (header === undefined) throw unauthorized('send "Authorization: Bearer TOKEN"; "crystalmath token create" makes one')
  const [, token] = /^Bearer +([\x21-\x7e]{1,500})$/i.exec(header) ?? []
  if (token === undefined) throw unauthorized('the Authorization header is not "Bearer TOKEN"')
  const bearer = await findBearer(store.db, token, now().toISOString())
  if (bearer === null) throw unauthorized('the token is unknown, expired or revoked')
  rates.take(bearer.tokenId, performance.now())
  response.locals['user'] = bearer.user.id
  return { user: bearer.user, projects: await listProjects(store.db, bearer.user.id) }
}

/** A wildcard comes as a list of segments. */
const paramsOf = (request: Request): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.params).map(([name, value]) => [name, Array.isArray(value) ? value.join('/') : String(value)]),
  )

function checkQuery(route: Route, request: Request): unknown {
  if (route.query === undefined) return {}
  const parsed = route.query.safeParse(request.query)
  if (parsed.success) return parsed.data
  throw new HttpProblem({
    title: 'The query is not valid',
    status: 400,
    detail: 'see errors',
    errors: [...problemsOf(parsed.error, request.query, route.query)],
  })
}

function checkBody({ body, bodyIsChecked }: Route, text: string, type: string | undefined): unknown {
  if (body === undefined) return undefined
  const isAbsent = text === '' && body.safeParse({}).success
  const value = isAbsent ? {} : parseBody(text, type)
  if (bodyIsChecked === false) return value
  const parsed = body.safeParse(value)
  if (parsed.success) return parsed.data
  throw invalid('see errors', problemsOf(parsed.error, value, body))
}

function send(response: Response, { status, body, bytes, headers = {} }: Answer): void {
  response.status(status).set(headers)
  if (bytes !== undefined) response.type(bytes.type).send(Buffer.from(bytes.content))
  else if (body === undefined || status === 204 || status === 304) response.end()
  else response.type('application/json').send(JSON.stringify(body))
}

/** What a handler threw, as a problem document. Only bugs are logged as errors, and only their request id is told. */
export function fail({ log }: Pick<Deps, 'log'>, request: Request, response: Response, error: unknown): void {
  const problem = toProblem(error)
  if (problem === null)
    log.error({ err: error, requestId: requestIdOf(response), method: request.method, path: request.path }, 'a request met a bug')
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { document, headers } =
    problem ??
    new HttpProblem({ title: 'A fault of ours', status: 500, detail: `please report request ${requestIdOf(response)}` })
  const text = Buffer.from(JSON.stringify({ ...document, instance: request.originalUrl }))
  response.status(document.status).set(headers).type('application/problem+json').set('content-length', String(text.length))
  if (request.method !== 'HEAD') response.write(text)
  drain(request, () => response.end())
}

function toProblem(thrown: unknown): HttpProblem | null {
  const error = asStoreError(thrown)
  if (error instanceof HttpProblem) return error
  if (error instanceof URIError) return badRequest('the path is not a valid URL')
  if (error instanceof TransientError) return unavailable(error.message, Math.ceil(error.retryAfterMs / 1_000))
  if (error instanceof PermanentError) return conflict(error.message)
  return null
}

/** How long the rest of a refused body may take to come. */
const DRAIN_MS = 20_000

/** Reads and drops what is still coming: the connection of a client that is still sending must stay, or it never sees why it was refused. */
function drain(request: Request, done: () => void): void {
  if (request.complete || request.destroyed) {
    done()
    return
  }
  const limit = setTimeout(() => request.destroy(), DRAIN_MS)
  request.once('close', () => clearTimeout(limit))
  request.once('end', done).once('close', done).resume()
}

const requestIdOf = (response: Response): string => String(response.getHeader('x-request-id') ?? '')

/** Takes the caller's request id if it is harmless, else makes one. */
export const requestId: RequestHandler = (request, response, next) => {
  const given = request.get('x-request-id')
  response.setHeader('x-request-id', given !== undefined && /^[\w.-]{1,100}$/.test(given) ? given : randomUUID())
  next()
}

/** One line per request: who, what, how long. */
export const requestLog =
  ({ log, observe }: Pick<Deps, 'log' | 'observe'>): RequestHandler =>
  (request, response, next) => {
    const began = performance.now()
    response.once('close', () => {
      const fields = {
        requestId: requestIdOf(response),
        method: request.method,
        path: request.path,
        status: response.statusCode,
        user: response.locals['user'],
        ms: Math.round(performance.now() - began),
      }
      observe({
        method: request.method,
        route: String(response.locals['route'] ?? 'none'),
        status: response.statusCode,
        ms: fields.ms,
      })
      if (response.statusCode >= 500) log.warn(fields, 'request answered')
      else if (request.method === 'GET' && response.statusCode < 400) log.debug(fields, 'request answered')
      else log.info(fields, 'request answered')
    })
    next()
  }
