import { connect as connectTcp } from 'node:net'
import { PermanentError, TransientError } from '@crystalmath/contract'
import ssh2, { type Client, type ConnectConfig } from 'ssh2'
import { translate } from './errors.ts'
import { algorithmsFor, fingerprint, hostKeyLine, readHostKey } from './host-key.ts'

export type SshTarget = {
  readonly host: string
  readonly port: number
  readonly user: string
  /** The text of a private key. */
  readonly privateKey: string
  /** Pinned keys, `ssh-ed25519 AAAA…`. None: the first key seen is taken for as long as the link lives, and is told by `hostKey()`. */
  readonly hostKeys: readonly string[]
}

export type Timing = {
  /** Until TCP is up: the kernel tries at 0, 1 and 3 s, then ever more rarely, while a new call tries at once. */
  readonly tcpTimeoutMs: number
  /** From there until the server let us in. */
  readonly connectTimeoutMs: number
  readonly keepaliveMs: number
  readonly backoffMs: readonly number[]
}

/** Between our hurry and a login node's patience: in the long run it sees two tries a minute from a platform that cannot reach it. */
export const TIMING: Timing = {
  tcpTimeoutMs: 3_500,
  connectTimeoutMs: 20_000,
  // three unanswered: a link that is cut without a word is noticed within 20 s
  keepaliveMs: 5_000,
  // soon again for a minute, then ever more rarely: a short cut costs seconds, a long one does not annoy the site
  backoffMs: [500, 1_000, 2_000, ...Array<number>(15).fill(4_000), ...Array<number>(30).fill(10_000), 30_000],
}

export type Connection = {
  /** The live connection, made where there is none. In a back-off it throws at once and says when to come back. */
  client(): Promise<Client>
  hostKey(): string | null
  count(): number
  close(): void
}

export function connection(target: SshTarget, timing: Timing): Connection {
  const who = `${target.user}@${target.host}:${target.port}`
  const pinned = target.hostKeys.map(readHostKey).filter((key) => key !== null)
  if (pinned.length < target.hostKeys.length)
    throw new PermanentError(`a pinned host key of ${who} is not of the form "ssh-ed25519 AAAA…"`, {
      waitingFor: 'SSH_DOWN',
    })
  let seen: Buffer | null = null
  let current: Promise<Client> | null = null
  let live: Client | null = null
  let made = 0
  let failures = 0
  let notBefore = 0
  let closed = false

  const dial = () =>
    new Promise<Client>((resolve, reject) => {
      const client = new ssh2.Client()
      let stranger: PermanentError | null = null
      const known = pinned.length > 0 ? pinned : seen === null ? [] : [seen]
      const lost = (error: unknown) => {
        if (live === client) live = current = null
        reject(stranger ?? translate(error, who))
      }
      client.once('ready', () => {
        live = client
        if (closed) client.end()
        resolve(client)
      })
      client.on('error', lost)
      client.once('close', () => lost(new Error('the connection was closed')))
      const algorithms = algorithmsFor(known)
      const config: ConnectConfig = {
        username: target.user,
        privateKey: target.privateKey,
        readyTimeout: timing.connectTimeoutMs,
        keepaliveInterval: timing.keepaliveMs,
        keepaliveCountMax: 3,
        hostVerifier: (key: Buffer) => {
          if (known.length > 0 && !known.some((other) => other.equals(key))) {
            stranger = changed(who, known, key)
            return false
          }
          seen = key
          return true
        },
        // @types/ssh2 wants literal names; those of pinned keys come from the keys themselves
        ...(algorithms.length > 0 ? { algorithms: { serverHostKey: algorithms as never } } : {}),
      }
      const socket = connectTcp({ host: target.host, port: target.port, noDelay: true })
      const timer = setTimeout(
        () => socket.destroy(new Error(`no connection within ${timing.tcpTimeoutMs} ms`)),
        timing.tcpTimeoutMs,
      )
      socket.once('error', lost)
      socket.once('close', () => clearTimeout(timer))
      socket.once('connect', () => {
        clearTimeout(timer)
        if (closed) return socket.destroy(new Error('the link was closed meanwhile'))
        try {
          client.connect({ ...config, sock: socket })
        } catch (error) {
          socket.destroy()
          lost(error) // a key that cannot be parsed throws here
        }
      })
    })

  const attempt = async () => {
    made += 1
    try {
      const client = await dial()
      failures = 0
      return client
    } catch (error) {
      current = null
      const wait = timing.backoffMs[Math.min(failures, timing.backoffMs.length - 1)] ?? 1_000
      failures += 1
      notBefore = Date.now() + wait
      throw error instanceof PermanentError
        ? error
        : new TransientError(messageOf(error), { retryAfterMs: wait, cause: error, waitingFor: 'SSH_DOWN' })
    }
  }

  return {
    client() {
      if (closed) return Promise.reject(new TransientError(`the link to ${who} is closed`, { waitingFor: 'SSH_DOWN' }))
      const wait = notBefore - Date.now()
      if (current === null && failures > 0 && wait > 0)
        return Promise.reject(
          new TransientError(`${who} is away; the next try is in ${Math.ceil(wait / 1_000)} s`, {
            retryAfterMs: wait,
            waitingFor: 'SSH_DOWN',
          }),
        )
      current ??= attempt()
      return current
    },
    hostKey: () => (seen === null ? null : hostKeyLine(seen)),
    count: () => made,
    close() {
      closed = true
      live?.end()
      live = current = null
    },
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

const changed = (who: string, known: readonly Buffer[], key: Buffer) =>
  new PermanentError(
    `the host key of ${who} changed: pinned ${known.map(fingerprint).join(', ')}, shown ${fingerprint(key)} (${hostKeyLine(key)}); ` +
      'nothing was sent; ask the site whether it renewed its key, then pin the new one',
    { waitingFor: 'HOST_KEY_CHANGED' },
  )
