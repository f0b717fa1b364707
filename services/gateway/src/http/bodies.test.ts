import { EventEmitter } from 'node:events'
import { Readable } from 'node:stream'
import type { Request, Response } from 'express'
import { describe, expect, it } from 'vitest'
import { openBodies } from './bodies.ts'

const LIMIT = 4 * 2 ** 20
const requestOf = (size: number): Request =>
  Object.assign(Readable.from([Buffer.alloc(size, 0x20)]), { headers: {} }) as unknown as Request
const responseOf = (): Response => Object.assign(new EventEmitter(), { closed: false }) as unknown as Response

/** Sends a body; says how far it has come, and how to end it. */
function send(bodies: ReturnType<typeof openBodies>, size: number) {
  const response = responseOf()
  const sent = { state: 'waits', end: () => response.emit('close') }
  void bodies.readText(requestOf(size), response).then(
    (text) => (sent.state = `read ${text.length}`),
    (error: Error) => (sent.state = error.message),
  )
  return sent
}
const come = (sent: { readonly state: string }, state: string) => expect.poll(() => sent.state).toBe(state)

describe('large bodies', () => {
  it('are worked on one after the other, in the order in which they came', async () => {
    const bodies = openBodies(LIMIT)
    const [first, second, third] = [send(bodies, 3 * 2 ** 20), send(bodies, 2 ** 21), send(bodies, 2 ** 21)]
    await come(first, `read ${3 * 2 ** 20}`)
    expect([second.state, third.state]).toEqual(['waits', 'waits'])
    first.end()
    await come(second, `read ${2 ** 21}`)
    await come(third, `read ${2 ** 21}`)
  })
  it('keep no small one waiting', async () => {
    const bodies = openBodies(LIMIT)
    send(bodies, LIMIT)
    const small = send(bodies, 1_000)
    await come(small, 'read 1000')
  })
  it('of clients that left while they waited are forgotten', async () => {
    const bodies = openBodies(LIMIT)
    const [first, second, third] = [send(bodies, LIMIT), send(bodies, LIMIT), send(bodies, LIMIT)]
    await come(first, `read ${LIMIT}`)
    second.end()
    first.end()
    await come(second, 'the connection was closed')
    await come(third, `read ${LIMIT}`)
  })
  it('are refused, to be sent again, where too many wait', async () => {
    const bodies = openBodies(LIMIT)
    const sent = Array.from({ length: 5 }, () => send(bodies, LIMIT))
    await come(sent.at(-1) ?? never(), 'other large requests are being worked on')
    for (const one of sent) one.end()
    await come(send(bodies, LIMIT), `read ${LIMIT}`)
  })
})

function never(): never {
  throw new Error('five were sent')
}
