import { createServer } from 'node:net'
import { PermanentError } from '@crystalmath/contract'

/** Below the range from which the kernel hands out ports of its own (32768 and up): no connection and no listener on "any port" takes one of these before it is used. */
const FIRST = 31_100
const LAST = 32_700
const given = new Set<number>()

/** A port of loopback that nobody listens on now, and that this process was not given before. */
export async function freePort(): Promise<number> {
  const offset = Math.floor(Math.random() * (LAST - FIRST))
  for (let tried = 0; tried < LAST - FIRST; tried += 1) {
    const port = FIRST + ((offset + tried) % (LAST - FIRST))
    if (given.has(port)) continue
    given.add(port)
    if (await isFree(port)) return port
    given.delete(port)
  }
  throw new PermanentError(`no port between ${FIRST} and ${LAST} is free`)
}

/** Whether this port of loopback can be listened on now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
