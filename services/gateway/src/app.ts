import express, { type Express } from 'express'
import helmet, { type HelmetOptions } from 'helmet'
import type { Deps } from './deps.ts'
import { answering, fail, requestId, requestLog } from './http/answer.ts'
import { notFound } from './http/problem.ts'
import { openRateLimit } from './http/rate-limit.ts'
import { ROUTES } from './routes/index.ts'

/** Plain HTTP in a closed network is a choice of the operator’s: browsers must not ask for HTTPS that nobody serves. */
const HELMET: HelmetOptions = {
  crossOriginResourcePolicy: { policy: 'same-origin' },
  contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
}

/** The API. CORS stays off: browsers of other origins get no answer that they may read. */
export function createApp(deps: Deps): Express {
  const app = express()
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple')
  app.use(requestId, requestLog(deps), helmet(HELMET))
  const rates = openRateLimit({ perSecond: deps.config.RATE_PER_SECOND, burst: deps.config.RATE_BURST })
  for (const one of ROUTES) app[one.method](toExpress(one.path), answering(deps, one, rates))
  app.use((request, response) =>
    fail(deps, request, response, notFound(`there is no ${request.method} ${request.path}; see /openapi.json`)),
  )
  app.use((error: unknown, request: express.Request, response: express.Response, _next: express.NextFunction) =>
    fail(deps, request, response, error),
  )
  return app
}

/** `/v1/jobs/{id}/files/{path+}` → `/v1/jobs/:id/files/*path`. */
const toExpress = (path: string): string => path.replace(/\{(\w+)\+\}/g, '*$1').replace(/\{(\w+)\}/g, ':$1')
