import { Agent, createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { leaveInPeace } from './leave.ts'

it('finishes what is at work, sends kept connections elsewhere, and answers while proxies notice', async () => {
  const stop = new AbortController()
  let finish = (): void => undefined
  const server = createServer((request, response) => {
    if (request.url === '/slow') finish = () => response.end('done')
    else response.end('quick')
  })
  const leave = leaveInPeace(server, stop.signal)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true })
  const ask = (path: string) =>
    new Promise<IncomingMessage>((answered, failed) => {
      get({ port, path, agent, host: '127.0.0.1' }, (answer) => answered(answer.resume())).once('error', failed)
    })

  expect((await ask('/quick')).headers.connection).toBe('keep-alive')
  const slow = ask('/slow')
  await new Promise<void>((arrived) => server.once('request', () => arrived()))
  stop.abort()
  let isOver = false
  const left = leave({ drainMs: 100, limitMs: 5_000 }).then(() => {
    isOver = true
  })
  // a new connection during the drain
  expect((await ask('/quick')).headers.connection).toBe('close')
  await expect.poll(() => server.listening).toBe(false)
  await expect(ask('/quick')).rejects.toThrow('ECONNREFUSED')
  expect(isOver).toBe(false)
  finish()
  expect((await slow).headers.connection).toBe('close')
  await left
  agent.destroy()
})

it('cuts what does not end', async () => {
  const stop = new AbortController()
  const server = createServer(() => undefined)
  const leave = leaveInPeace(server, stop.signal)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const asked = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await new Promise<void>((arrived) => server.once('request', () => arrived()))
  stop.abort()
  await Promise.all([leave({ drainMs: 0, limitMs: 50 }), expect(asked).rejects.toThrow()])
})
