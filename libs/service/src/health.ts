import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { collectDefaultMetrics, Registry } from 'prom-client'

export type Health = {
  readonly registry: Registry
  readonly port: number
  /** Says that the service's loop turned: live means it did lately. */
  beat(): void
  close(): Promise<void>
}

export type HealthOptions = {
  readonly service: string
  readonly host: string
  readonly port: number
  /** Ready means that every one of these resolves: bus and store reachable. */
  readonly ready: Readonly<Record<string, () => Promise<void>>>
  /** Not live when the loop has not turned for so long. */
  readonly beatMs?: number
}

/** `/healthz` (the loop turns), `/readyz` (bus and store answer), `/metrics` (Prometheus). */
export async function serveHealth({ service, host, port, ready, beatMs = 120_000 }: HealthOptions): Promise<Health> {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  let lastBeat = performance.now()
  const server = createServer(async (request, response) => {
    const say = (status: number, body: string, type = 'application/json') =>
      response.writeHead(status, { 'content-type': type }).end(body)
    if (request.url === '/metrics') return say(200, await registry.metrics(), registry.contentType)
    if (request.url === '/healthz') {
      const quietMs = Math.round(performance.now() - lastBeat)
      return say(quietMs < beatMs ? 200 : 503, JSON.stringify({ live: quietMs < beatMs, quietMs }))
    }
    if (request.url === '/readyz') {
      const missing = await unready(ready)
      return say(missing.length === 0 ? 200 : 503, JSON.stringify({ ready: missing.length === 0, missing }))
    }
    return say(404, '{}')
  })
  await new Promise<void>((done, failed) => server.once('error', failed).listen(port, host, done))
  return {
    registry,
    port: (server.address() as AddressInfo).port,
    beat: () => {
      lastBeat = performance.now()
    },
    close: () => new Promise((done) => void server.close(() => done())),
  }
}

async function unready(ready: HealthOptions['ready']): Promise<readonly string[]> {
  const late = (): Promise<never> =>
    new Promise((_, failed) => setTimeout(() => failed(new Error('no answer within 2 s')), 2_000).unref())
  const answers = await Promise.allSettled(Object.values(ready).map((check) => Promise.race([check(), late()])))
  return Object.keys(ready).filter((_, i) => answers[i]?.status === 'rejected')
}
