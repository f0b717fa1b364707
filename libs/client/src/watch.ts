import { setTimeout as pause } from 'node:timers/promises'
import { CrystalEvent, StreamSnapshot } from '@crystalmath/contract'
import type { Http, Query } from './http.ts'
import { ProblemError } from './problem-error.ts'
import { readEventStream } from './server-sent-events.ts'

/** What `/v1/events` says. A `snapshot` replaces what was known: news may have been missed before it. */
export type News =
  | { readonly kind: 'snapshot'; readonly id: string | null; readonly snapshot: StreamSnapshot }
  | { readonly kind: 'event'; readonly id: string | null; readonly event: CrystalEvent }
  /** The stream broke and is being taken up again where it was. */
  | { readonly kind: 'interrupted'; readonly because: string; readonly retryMs: number }

export type WatchOptions = {
  readonly query?: Query | undefined
  /** Where an earlier stream ended. */
  readonly lastEventId?: string | undefined
  readonly signal: AbortSignal
}

const FIRST_RETRY_MS = 250
const LONGEST_RETRY_MS = 10_000

/** Live news, taken up again after every interruption, until the signal. Throws only what no repetition helps against (401, 403, 404 …). */
export async function* watchEvents(http: Http, { query, lastEventId, signal }: WatchOptions): AsyncGenerator<News> {
  let last = lastEventId
  let retryMs = FIRST_RETRY_MS
  while (!signal.aborted) {
    let because = 'the stream ended'
    try {
      const headers = { accept: 'text/event-stream', ...(last === undefined ? {} : { 'last-event-id': last }) }
      const response = await http.raw('GET', '/v1/events', { query, headers, signal })
      if (response.body === null) throw new Error('the answer has no body')
      for await (const { id, event, data } of readEventStream(response.body)) {
        retryMs = FIRST_RETRY_MS
        last = id ?? last
        const news = read(id, event, data)
        if (news !== null) yield news
      }
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof ProblemError && error.status < 500 && error.status !== 429) throw error
      because = error instanceof Error ? error.message : String(error)
    }
    if (signal.aborted) return
    yield { kind: 'interrupted', because, retryMs }
    await pause(retryMs, undefined, { signal }).catch(() => undefined) // aborted: the loop sees it
    retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2)
  }
}

/** Kinds of news that a later release adds are passed over. */
function read(id: string | null, event: string, data: string): News | null {
  if (event === 'snapshot') return { kind: 'snapshot', id, snapshot: StreamSnapshot.parse(JSON.parse(data)) }
  const parsed = CrystalEvent.safeParse(JSON.parse(data))
  return parsed.success ? { kind: 'event', id, event: parsed.data } : null
}
