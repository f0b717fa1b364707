import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { openBalancer } from './balancer.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

async function listen(answer: RequestListener, port = 0): Promise<{ server: Server; url: string; port: number }> {
  const server = createServer(answer)
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  closers.push(() => {
    server.closeAllConnections()
    return new Promise((done) => server.close(done))
  })
  const { port: got } = server.address() as AddressInfo
  return { server, url: `http://127.0.0.1:${got}`, port: got }
}
const good: RequestListener = (_asked, answer) => answer.end('ok')
/** Ready, and breaks every other connection. */
const breaks: RequestListener = (asked, answer) => (asked.url === '/readyz' ? answer.end() : asked.socket.destroy())
const post = (url: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/v1/jobs`, { method: 'POST', headers, body: '{}' })

async function balancerOf(...gateways: readonly string[]): Promise<string> {
  const balancer = await openBalancer(gateways)
  closers.push(balancer.close)
  return balancer.url
}

describe('the balancer', () => {
  it('keeps a write that reached nobody until a gateway listens', async () => {
    const { server, url, port } = await listen(good)
    await new Promise((done) => server.close(done))
    const answer = post(await balancerOf(url))
    await new Promise((done) => setTimeout(done, 400))
    await listen(good, port)
    expect((await answer).status).toBe(200)
  })

  it('repeats a write whose connection broke only with its Idempotency-Key', async () => {
    const [first, second] = [await listen(breaks), await listen(good)]
    expect((await post(await balancerOf(first.url, second.url))).status).toBe(502)
    expect((await post(await balancerOf(first.url, second.url), { 'idempotency-key': 'k' })).status).toBe(200)
  })
})
