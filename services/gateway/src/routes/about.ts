import { z } from 'zod'
import { ok, type Route, route } from '../http/route.ts'

const LATE_MS = 2_000

/** Names what does not answer. */
async function unready(checks: Readonly<Record<string, () => Promise<unknown>>>): Promise<readonly string[]> {
  const late = (): Promise<never> => new Promise((_, failed) => void setTimeout(() => failed(new Error('late')), LATE_MS).unref())
  const answers = await Promise.allSettled(Object.values(checks).map((check) => Promise.race([check(), late()])))
  return Object.keys(checks).filter((_, index) => answers[index]?.status === 'rejected')
}

const Readiness = z.object({ ready: z.boolean(), missing: z.array(z.string()) })

export const aboutRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/healthz',
    tag: 'about',
    summary: 'Whether this process answers',
    allow: 'anyone',
    answers: { 200: { description: 'It does', schema: z.object({ live: z.boolean() }) } },
    handle: async () => ok({ live: true }),
  }),
  route({
    method: 'get',
    path: '/readyz',
    tag: 'about',
    summary: 'Whether bus and store answer, and this process is not about to stop',
    allow: 'anyone',
    answers: {
      200: { description: 'They do', schema: Readiness },
      503: { description: 'One does not, or it stops', schema: Readiness },
    },
    handle: async ({ deps }) => {
      const silent = await unready({ bus: () => deps.bus.connection.rtt(), store: () => deps.store.ping() })
      const missing = deps.signal.aborted ? [...silent, 'stopping'] : silent
      return { status: missing.length === 0 ? 200 : 503, body: { ready: missing.length === 0, missing } }
    },
  }),
  route({
    method: 'get',
    path: '/metrics',
    tag: 'about',
    summary: 'Metrics for Prometheus',
    allow: 'anyone',
    answers: { 200: { description: 'Text of Prometheus', type: 'text/plain' } },
    handle: async ({ deps }) => {
      const { type, text } = await deps.metrics()
      return { status: 200, bytes: { content: Buffer.from(text), type } }
    },
  }),
]
