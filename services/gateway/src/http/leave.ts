import type { Server, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

export type Leave = {
  /** How long it still answers, telling each connection to go elsewhere: whoever stands before it needs a while to notice. */
  readonly drainMs: number
  /** What is at work after so long is cut. */
  readonly limitMs: number
}

/** From the signal on, each answer closes its connection, those already at work too. Returns how to stop: what came in is finished. */
export function leaveInPeace(server: Server, signal: AbortSignal): (leave: Leave) => Promise<void> {
  const atWork = new Set<ServerResponse>()
  const last = (response: ServerResponse): void => {
    response.shouldKeepAlive = false
  }
  // before the application's own listener, which may answer at once
  server.prependListener('request', (_request, response: ServerResponse) => {
    if (signal.aborted) last(response)
    atWork.add(response)
    response.once('close', () => atWork.delete(response))
  })
  signal.addEventListener('abort', () => atWork.forEach(last), { once: true })
  return async ({ drainMs, limitMs }) => {
    await pause(drainMs)
    const limit = setTimeout(() => server.closeAllConnections(), limitMs)
    // idle connections are closed with it
    await new Promise<void>((done) => server.close(() => done()))
    clearTimeout(limit)
  }
}
