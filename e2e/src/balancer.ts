import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** What stands before the gateways where the platform is hosted: shares requests among those that are ready, as an Ingress does. */
export type Balancer = {
  readonly url: string
  /** Requests that one gateway took no answer to, and another was asked again. */
  retried(): number
  close(): Promise<void>
}

const LOOK_MS = 250
/** A gateway that came back is asked again within this. */
const PATIENCE_MS = 5_000

/** Listens on loopback. What reached nobody goes to another gateway; so does what may be repeated (a read, or a write with an Idempotency-Key) when its connection breaks before an answer. */
export async function openBalancer(gateways: readonly string[]): Promise<Balancer> {
  const stop = new AbortController()
  const ready = new Set(gateways)
  let turn = 0
  let retried = 0
  const next = (): string | undefined => [...ready][turn++ % Math.max(1, ready.size)]

  const looking = gateways.map(async (gateway) => {
    while (!stop.signal.aborted) {
      const isReady = await fetch(`${gateway}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
        ({ ok }) => ok,
        () => false,
      )
      if (isReady) ready.add(gateway)
      else ready.delete(gateway)
      await pause(LOOK_MS, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  })

  const pass = async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const body = Buffer.concat(await asked.toArray())
    const mayRepeat = asked.method === 'GET' || asked.headers['idempotency-key'] !== undefined
    const deadline = performance.now() + PATIENCE_MS
    for (let isFirst = true; ; isFirst = false) {
      const gateway = next()
      if (!isFirst) retried += 1
      const outcome = gateway === undefined ? 'unsent' : await forward(gateway, asked, body, answer)
      if (outcome === 'answered') return
      if ((outcome === 'broken' && !mayRepeat) || answer.headersSent || performance.now() > deadline) break
      if (gateway !== undefined) ready.delete(gateway)
      else await pause(LOOK_MS)
    }
    if (answer.headersSent) answer.destroy()
    else answer.writeHead(502).end()
  }
  const server = createServer((asked, answer) => void pass(asked, answer).catch(() => answer.destroy()))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    retried: () => retried,
    close: async () => {
      stop.abort()
      server.closeAllConnections()
      await Promise.all([...looking, new Promise<void>((done) => server.close(() => done()))])
    },
  }
}

/** `answered` once an answer has begun, whether it came to its end or not; `unsent` where nobody listens. */
function forward(
  gateway: string,
  asked: IncomingMessage,
  body: Buffer,
  answer: ServerResponse,
): Promise<'answered' | 'unsent' | 'broken'> {
  return new Promise((resolve) => {
    const { host: _, connection: __, ...headers } = asked.headers
    const inner = request(`${gateway}${asked.url}`, { method: asked.method, headers }, (came) => {
      const { connection: ___, ...rest } = came.headers
      answer.writeHead(came.statusCode ?? 502, rest)
      came.pipe(answer)
      came.once('error', () => answer.destroy())
      resolve('answered')
    })
    inner.once('error', (error: NodeJS.ErrnoException) => {
      if (answer.headersSent) resolve('answered')
      else resolve(error.code === 'ECONNREFUSED' ? 'unsent' : 'broken')
    })
    answer.once('close', () => inner.destroy())
    inner.end(body)
  })
}
