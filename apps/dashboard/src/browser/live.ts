import { ask } from './api.ts'

type Listener = (jobId: string) => void
const listeners = new Set<Listener>()

/** Calls back with the id of each job that moved, until `signal` ends. */
export function onNews(listener: Listener, signal: AbortSignal): void {
  listeners.add(listener)
  signal.addEventListener('abort', () => listeners.delete(listener))
}

/** Runs `refresh` soon after news of `jobId` (of any job, where that is null), at most once a second, and never twice at a time. */
export function refreshOnNews(refresh: () => Promise<void>, signal: AbortSignal, jobId: string | null = null): void {
  let isDue = false
  let isBusy = false
  const run = async (): Promise<void> => {
    if (isBusy || signal.aborted) return
    isBusy = true
    while (isDue && !signal.aborted) {
      isDue = false
      await refresh().catch(() => {}) // the next news, or the reader, tries again
      await new Promise((resolve) => setTimeout(resolve, 1_000))
    }
    isBusy = false
  }
  onNews((id) => {
    if (jobId !== null && id !== jobId) return
    isDue = true
    void run()
  }, signal)
}

/** Follows the platform's news as long as `signal` lasts, resumes where it was cut; `said` hears whether it is connected. */
export async function follow(said: (connected: boolean) => void, signal: AbortSignal): Promise<void> {
  let lastId = ''
  while (!signal.aborted) {
    try {
      const { body } = await ask('/v1/events', { signal, headers: lastId === '' ? {} : { 'last-event-id': lastId } })
      said(true)
      if (body !== null)
        for await (const { id, data } of eventsOf(body)) {
          lastId = id || lastId
          const { subject } = JSON.parse(data) as { subject?: string }
          for (const listener of listeners) listener(subject ?? '')
        }
    } catch {
      // cut or refused: shown by the lamp, tried again below
    }
    said(false)
    await new Promise((resolve) => setTimeout(resolve, 2_000))
  }
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<{ id: string; data: string }> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    text += decoder.decode(value, { stream: true })
    const whole = text.split('\n\n')
    text = whole.pop() ?? ''
    for (const event of whole) {
      const field = (name: string) =>
        event
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2) ?? ''
      if (field('data') !== '') yield { id: field('id'), data: field('data') }
    }
  }
}
