import { TransientError } from '@crystalmath/contract'
import type { SshLink } from '@crystalmath/ssh'
import { tokenFrom } from './place.ts'
import { readScript } from './read-script.ts'
import { readEnd, readStart } from './sentinels.ts'
import type { SentinelNews } from './site.ts'

/** Milliseconds between two looks into the spool, at least, and how long one may take. */
const LOOK_MS = 150
/** A look that takes long, for the spool is full or the login node busy, is not repeated at once: looking takes a third of the time at most, up to this. */
const LONGEST_PAUSE_MS = 600
const SILENCE_MS = 20_000

export type Watch = {
  readonly spool: string
  readonly onNews: (news: readonly SentinelNews[]) => void
  readonly signal: AbortSignal
}

/** One remote loop that lists the spool whenever we send it a line: it sleeps in `read`, not in a process, and ends with the connection. */
export async function watch(link: SshLink, { spool, onNews, signal }: Watch): Promise<{ readonly done: Promise<void> }> {
  const reader = newsReader()
  let timer: NodeJS.Timeout | undefined
  let silence: NodeJS.Timeout | undefined
  let askedMs = 0
  const { promise: silent, reject: giveUp } = Promise.withResolvers<never>()
  silent.catch(() => {})
  const stop = () => {
    clearTimeout(timer)
    clearTimeout(silence)
    follower.close()
  }
  const ask = () => {
    askedMs = performance.now()
    silence = setTimeout(
      () =>
        giveUp(
          new TransientError(`the watcher of ${spool} has been silent for ${SILENCE_MS / 1_000} s`, { waitingFor: 'SSH_DOWN' }),
        ),
      SILENCE_MS,
    )
    follower.write('\n')
  }
  const follower = await link.follow({ script: readScript('watch.sh'), args: [spool] }, (line) => {
    if (line !== '.') return reader.feed(line)
    clearTimeout(silence)
    const news = reader.take()
    if (news.length > 0) onNews(news)
    const tookMs = performance.now() - askedMs
    if (!signal.aborted) timer = setTimeout(ask, Math.min(LONGEST_PAUSE_MS, Math.max(LOOK_MS, 2 * tookMs)))
  })
  signal.addEventListener('abort', stop, { once: true })
  const done = Promise.race([follower.done, silent])
    .catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
    .finally(() => {
      signal.removeEventListener('abort', stop)
      stop()
    })
  done.catch(() => {}) // whoever waits for it hears of it
  if (signal.aborted) stop()
  else ask()
  return { done }
}

/** Puts the lines of watch.sh together: `> NAME`, then `| LINE`s. */
export function newsReader() {
  let entries: { readonly name: string; readonly lines: string[] }[] = []
  return {
    feed(line: string): void {
      if (line.startsWith('> ')) entries.push({ name: line.slice(2), lines: [] })
      else if (line.startsWith('| ')) entries.at(-1)?.lines.push(line.slice(2))
    },
    take(): readonly SentinelNews[] {
      const news = entries.map(({ name, lines }) => newsOf(name, lines)).filter((one) => one !== null)
      entries = []
      return news
    },
  }
}

/** `<token>.start`, `<token>.end`, `<token>.<owner>.duplicate`, `<token>.<owner>.requeued`. */
function newsOf(name: string, lines: readonly string[]): SentinelNews | null {
  const [, who = '', owner, kind] = /^([0-9a-f-]{36}\.\d+)(?:\.(.+))?\.(start|end|duplicate|requeued)$/.exec(name) ?? []
  const token = tokenFrom(who)
  if (token === null) return null
  if (kind === 'duplicate' || kind === 'requeued') return owner === undefined ? null : { kind, token, owner }
  const start = kind === 'start' ? readStart(lines) : null
  const end = kind === 'end' ? readEnd(lines) : null
  if (start !== null) return { kind: 'start', token, start }
  return end === null ? null : { kind: 'end', token, end }
}
