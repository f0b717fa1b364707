import { type Bus, follow, streamSpan } from '@crystalmath/bus'
import { openClient } from '@crystalmath/client'
import type { JobView } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing/wait-until'

/** Clients that follow the live news of every gateway through its interruptions, by the last id they heard. */
export type Listeners = {
  /** Holds what they heard against the stream, after a wait for what is on its way. */
  compare(bus: Bus, jobs: readonly JobView[]): Promise<Heard>
  close(): Promise<void>
}

export type Heard = {
  readonly listeners: number
  /** Events of the stream. */
  readonly heard: number
  /** How often a listener took its stream up again. */
  readonly interruptions: number
  /** What the stream has and a listener did not hear, and ends of jobs that were never told. */
  readonly missed: readonly string[]
}

/** How long news may be on their way at the end. */
const LATE_MS = 15_000

type Listener = {
  readonly name: string
  readonly heard: Set<string>
  begun: number | null
  snapshots: number
  interruptions: number
}

/** One listener at each address; resolves when all of them hear. */
export async function openListeners(urls: readonly string[], token: string): Promise<Listeners> {
  const stop = new AbortController()
  const listeners = urls.map((url): Listener => {
    return { name: `the listener at ${url}`, heard: new Set(), begun: null, snapshots: 0, interruptions: 0 }
  })
  const listening = listeners.map(async (listener, i) => {
    const client = openClient({ url: urls[i] ?? '', token })
    for await (const news of client.watch({ signal: stop.signal })) {
      if (news.kind === 'event') listener.heard.add(news.event.id)
      else if (news.kind === 'interrupted') listener.interruptions += 1
      else {
        listener.snapshots += 1
        listener.begun ??= Number(news.id?.split('.')[1] ?? 0)
      }
    }
  })
  await waitUntil(() => listeners.every(({ begun }) => begun !== null))
  return {
    compare: async (bus, jobs) => {
      const news = await wholeStream(bus)
      const unheard = () =>
        listeners.flatMap(({ name, heard, begun, snapshots }) => [
          ...(snapshots > 1 ? [`${name} was given ${snapshots - 1} snapshots in place of news`] : []),
          ...news
            .filter(({ sequence, event }) => sequence > (begun ?? 0) && !heard.has(event.id))
            .map(({ sequence, event }) => `${name} missed ${event.type} of ${event.subject}, sequence ${sequence}`),
        ])
      await waitUntil(() => unheard().length === 0, { timeoutMs: LATE_MS }).catch(() => undefined)
      const told = new Set(news.map(({ event }) => `${event.subject} ${String(event.data['to'])}`))
      const untold = jobs.filter(({ id, status }) => !told.has(`${id} ${status}`))
      return {
        listeners: listeners.length,
        heard: news.length,
        interruptions: listeners.reduce((sum, one) => sum + one.interruptions, 0),
        missed: [...unheard(), ...untold.map(({ id, status }) => `no event told that ${id} is ${status}`)],
      }
    },
    close: async () => {
      stop.abort()
      await Promise.all(listening)
    },
  }
}

async function wholeStream(bus: Bus) {
  const { first, last } = await streamSpan(bus)
  const all: {
    readonly sequence: number
    readonly event: { id: string; type: string; subject: string; data: Record<string, unknown> }
  }[] = []
  for await (const news of follow(bus, first, AbortSignal.timeout(LATE_MS))) {
    all.push(news)
    if (news.sequence >= last) break
  }
  return all
}
