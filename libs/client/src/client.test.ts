import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { eachJob, openClient, ProblemError, UnreachableError } from './index.ts'

let stop: (() => Promise<void>) | undefined
afterEach(async () => {
  await stop?.()
  stop = undefined
})

/** A server that answers as the test says, and remembers what it was asked. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse, count: number) => void) {
  const asked: {
    readonly method: string | undefined
    readonly url: string | undefined
    readonly headers: IncomingMessage['headers']
  }[] = []
  const server = createServer((request, response) => {
    asked.push({ method: request.method, url: request.url, headers: request.headers })
    answer(request, response, asked.length)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  stop = async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
  return { client: openClient({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, token: 't' }), asked }
}

const problem = (response: ServerResponse, status: number, body: object, headers = {}) =>
  response
    .writeHead(status, { 'content-type': 'application/problem+json', ...headers })
    .end(JSON.stringify({ title: 'T', status, ...body }))

describe('the client', () => {
  it('throws a refusal with every row', async () => {
    const errors = [{ row: 3, path: 'a', value: '1', message: 'is bad', mend: 'do good' }]
    const { client, asked } = await serve((_, response) =>
      problem(response, 422, { detail: 'D', errors }, { 'x-request-id': 'r1' }),
    )
    const thrown = await client.submitMany([]).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(ProblemError)
    expect(thrown).toMatchObject({ status: 422, message: 'T: D', errors, requestId: 'r1' })
    expect(asked).toHaveLength(1)
    expect(asked[0]?.headers).toMatchObject({
      authorization: 'Bearer t',
      'idempotency-key': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })

  it('throws what is no problem document too', async () => {
    const { client } = await serve((_, response) => response.writeHead(418).end('<html>teapot'))
    await expect(client.me()).rejects.toMatchObject({ status: 418, message: 'HTTP 418: <html>teapot' })
  })

  it('repeats a post under the same key when the connection breaks', async () => {
    const { client, asked } = await serve((request, response, count) =>
      count === 1 ? request.socket.destroy() : response.end('{"id":"x"}'),
    )
    expect(await client.cancel('x')).toEqual({ id: 'x' })
    expect(new Set(asked.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
    expect(asked).toHaveLength(2)
  })

  it('repeats while the gateway says that it is back soon', async () => {
    const { client, asked } = await serve((_, response, count) =>
      count === 1 ? problem(response, 503, {}, { 'retry-after': '2' }) : response.end('{"id":"x"}'),
    )
    await client.job('x')
    expect(asked).toHaveLength(2)
  })

  it('does not wait for what is away for longer', async () => {
    const { client, asked } = await serve((_, response) => problem(response, 503, {}, { 'retry-after': '10' }))
    await expect(client.job('x')).rejects.toMatchObject({ status: 503 })
    expect(asked).toHaveLength(1)
  })

  it('says why nobody answers', async () => {
    const thrown = await openClient({ url: 'http://127.0.0.1:1', token: 't' })
      .me()
      .catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(UnreachableError)
    expect(String(thrown)).toMatch(/no answer from http:\/\/127.0.0.1:1: .*(ECONNREFUSED|bad port)/)
  })

  it('asks for page after page until it has enough', async () => {
    const { client, asked } = await serve((request, response) => {
      const cursor = Number(new URL(request.url ?? '', 'http://x').searchParams.get('cursor') ?? 0)
      response.end(JSON.stringify({ items: [{ id: cursor }, { id: cursor + 1 }], next: cursor < 6 ? String(cursor + 2) : null }))
    })
    const ids: unknown[] = []
    for await (const job of eachJob(client, { status: ['running', 'pending'], name: 'a b' }, 100)) ids.push(job.id)
    expect(ids).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(asked[0]?.url).toBe('/v1/jobs?status=running&status=pending&name=a+b&limit=100')
  })
})
