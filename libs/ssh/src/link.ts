import { PermanentError, TransientError } from '@crystalmath/contract'
import type { ClientChannel } from 'ssh2'
import { connection, type SshTarget, TIMING, type Timing } from './connection.ts'
import { framed, framedLine, newMarker, type RemoteScript, shellLine, type Unframer, unframer } from './frame.ts'
import { fingerprint, readHostKey } from './host-key.ts'
import { ampleLoad, type LinkLoad, type Loaded } from './load.ts'
import { type Packed, packed, unpack } from './tar.ts'

/** What a remote script said, between its markers. */
export type Answer = {
  readonly stdout: string
  /** The same, as bytes. */
  readonly bytes: Uint8Array
  readonly stderr: string
  /** The script's own; null where the answer is torn. */
  readonly exitCode: number | null
  /** Both end markers were seen: nothing is missing. */
  readonly complete: boolean
  /** Why it is not complete. The script may have run in whole, in part or not at all. */
  readonly lost: string | null
  /** What the login shell said on its own account, before the answer. */
  readonly noise: string
}

export type Follower = { write(text: string): void; readonly done: Promise<void>; close(): void }

/** One multiplexed connection to one account of one host, made when first used and again when it is lost. Methods throw
 * `TransientError` while nothing was sent, and `PermanentError` for a refused key or a changed host key. */
export type SshLink = {
  /** Runs a script in `sh`. Once the script is under way it never throws: a torn answer is `complete: false`. */
  run(script: RemoteScript): Promise<Answer>
  /** Packs entries as a tar stream and sends it to the stdin of a one-line script. */
  upload(script: RemoteScript, entries: Iterable<Packed>): Promise<Answer>
  /** Reads the script's stdout as a tar stream. `stdout` of the answer is empty. */
  download(script: RemoteScript, onEntry: (path: string, content: Uint8Array) => Promise<void>): Promise<Answer>
  /** A long-lived script: its lines as they come, its stdin to write to. `done` rejects when the link is lost. */
  follow(script: Omit<RemoteScript, 'timeoutSeconds'>, onLine: (line: string) => void): Promise<Follower>
  /** Null where the SFTP subsystem answers, else why not. Nothing else needs it. */
  probeSftp(): Promise<string | null>
  /** The key that the host showed; null before the first connection. */
  hostKey(): { readonly line: string; readonly fingerprint: string } | null
  counts(): { readonly connections: number; readonly commands: number }
  close(): void
}

export type LinkOptions = {
  readonly timing?: Partial<Timing>
  /** What is done at once; learnt downwards where the server allows fewer sessions. */
  readonly load?: LinkLoad
  /** Beyond it an answer counts as torn. */
  readonly maxAnswerBytes?: number
}

export function connect(target: SshTarget, options: LinkOptions = {}): SshLink {
  const link = connection(target, { ...TIMING, ...options.timing })
  const load = options.load ?? ampleLoad()
  const maxBytes = options.maxAnswerBytes ?? 64 * 2 ** 20
  let commands = 0

  /** A session for one command line, waiting for a place. */
  const open = async (line: string): Promise<ClientChannel> => {
    await load.channels.take()
    try {
      const client = await link.client()
      const channel = await new Promise<ClientChannel>((resolve, reject) => {
        const lost = () =>
          reject(new TransientError('the connection was lost while a session was opened', { waitingFor: 'SSH_DOWN' }))
        client.once('close', lost)
        client.exec(line, (error, channel) => {
          client.removeListener('close', lost)
          if (error === undefined) resolve(channel)
          else reject(error)
        })
      })
      commands += 1
      channel.once('close', () => load.channels.free())
      return channel
    } catch (error) {
      const retry = isRefusedChannel(error) && load.channels.learnRefusal()
      load.channels.free()
      if (retry) {
        load.heard('channels', 'refused')
        return open(line)
      }
      if (error instanceof TransientError || error instanceof PermanentError) throw error
      throw new TransientError(`no session on ${target.host}: "${error instanceof Error ? error.message : String(error)}"`, {
        cause: error,
        waitingFor: 'SSH_DOWN',
      })
    }
  }

  /** What a session says until it is over. One that is lost before its time tells of the line, not of the load. */
  const talk = (
    channel: ClientChannel,
    { marker, timeoutSeconds, of }: { readonly marker: string; readonly timeoutSeconds: number; readonly of: Loaded },
    onBytes: (bytes: Buffer) => string | null,
  ) =>
    new Promise<Answer>((resolve) => {
      const began = performance.now()
      const out = unframer(marker)
      const err = unframer(marker)
      const said: Buffer[] = []
      let loose = ''
      let lost: string | null = null
      const give = (why: string) => {
        lost ??= why
        channel.destroy()
      }
      const timer = setTimeout(() => give(`no answer within ${timeoutSeconds + 10} s`), (timeoutSeconds + 10) * 1_000)
      channel.on('data', (chunk: Buffer) => {
        const refusal = onBytes(out.push(chunk))
        if (refusal !== null) give(refusal)
      })
      channel.stderr.on('data', (chunk: Buffer) => {
        if (!err.begun()) loose = (loose + chunk.toString('utf8')).slice(-2_000)
        said.push(err.push(chunk))
      })
      channel.on('error', (error: Error) => give(error.message))
      channel.once('close', () => {
        clearTimeout(timer)
        const answer = answerOf({ out, err, stderr: Buffer.concat(said).toString('utf8'), loose, lost, timeoutSeconds })
        if (answer.complete) load.heard(of, 'fine')
        else if (performance.now() - began >= 900 * timeoutSeconds) load.heard(of, 'late')
        resolve(answer)
      })
    })

  /** Streams of inputs or outputs wait for a place of theirs. */
  const transfer = async (stream: () => Promise<Answer>): Promise<Answer> => {
    await load.transfers.take()
    try {
      return await stream()
    } finally {
      load.transfers.free()
    }
  }

  return {
    async run(script) {
      const marker = newMarker()
      const channel = await open(shellLine(script.timeoutSeconds))
      const chunks: Buffer[] = []
      let bytes = 0
      const answer = talk(channel, { marker, timeoutSeconds: script.timeoutSeconds, of: 'channels' }, (chunk) => {
        bytes += chunk.length
        if (bytes <= maxBytes) chunks.push(chunk)
        return bytes <= maxBytes ? null : `it is longer than ${maxBytes} bytes`
      })
      channel.end(framed(script, marker, 'closed'))
      return { ...(await answer), ...textOf(chunks) }
    },

    upload: (script, entries) =>
      transfer(async () => {
        const marker = newMarker()
        const channel = await open(framedLine(script, marker))
        const chunks: Buffer[] = []
        const answer = talk(channel, { marker, timeoutSeconds: script.timeoutSeconds, of: 'transfers' }, (chunk) => {
          chunks.push(chunk)
          return null
        })
        await send(packed(entries), channel)
        return { ...(await answer), ...textOf(chunks) }
      }),

    download: (script, onEntry) =>
      transfer(async () => {
        const marker = newMarker()
        const channel = await open(shellLine(script.timeoutSeconds))
        const files = unpack(onEntry)
        const answer = talk(channel, { marker, timeoutSeconds: script.timeoutSeconds, of: 'transfers' }, (chunk) => {
          if (chunk.length > 0 && !files.write(chunk)) {
            channel.pause()
            files.afterDrain(() => channel.resume())
          }
          return null
        })
        channel.end(framed(script, marker, 'closed'))
        const said = await answer
        await files.end(said.complete)
        return said
      }),

    async follow({ script, args }, onLine) {
      const marker = newMarker()
      const channel = await open(shellLine(null))
      return follow(channel, marker, framed({ script, args }, marker, 'open'), onLine)
    },

    async probeSftp() {
      await load.channels.take()
      try {
        const client = await link.client()
        return await new Promise<string | null>((resolve) => {
          const timer = setTimeout(() => resolve('no answer within 10 s'), 10_000)
          client.sftp((error, sftp) => {
            clearTimeout(timer)
            sftp?.end()
            resolve(error === undefined ? null : error.message)
          })
        })
      } finally {
        load.channels.free()
      }
    },

    hostKey() {
      const line = link.hostKey()
      const key = line === null ? null : readHostKey(line)
      return line === null || key === null ? null : { line, fingerprint: fingerprint(key) }
    },
    counts: () => ({ connections: link.count(), commands }),
    close: () => link.close(),
  }
}

/** By hand, not by `pipe`: a receiver that closes early is an answer, not an accident. */
async function send(bytes: AsyncIterable<Buffer>, channel: ClientChannel): Promise<void> {
  let open = true
  const closed = new Promise<void>((resolve) => {
    channel.once('close', () => {
      open = false
      resolve()
    })
  })
  try {
    for await (const chunk of bytes) {
      if (!open) return
      if (!channel.write(chunk))
        await Promise.race([closed, new Promise<void>((resolve) => channel.once('drain', () => resolve()))])
    }
  } catch (error) {
    channel.destroy()
    throw error
  }
  if (open) channel.end()
}

function textOf(chunks: readonly Buffer[]): { readonly stdout: string; readonly bytes: Uint8Array } {
  const bytes = Buffer.concat(chunks)
  return { stdout: bytes.toString('utf8'), bytes }
}

/** OpenSSH answers CONNECT_FAILED (2) beyond MaxSessions, other servers ADMINISTRATIVELY_PROHIBITED (1) or RESOURCE_SHORTAGE (4). */
const isRefusedChannel = (error: unknown): boolean =>
  error instanceof Error && 'reason' in error && typeof error.reason === 'number' && [1, 2, 4].includes(error.reason)

type Heard = {
  readonly out: Unframer
  readonly err: Unframer
  readonly stderr: string
  readonly loose: string
  readonly lost: string | null
  readonly timeoutSeconds: number
}

function answerOf({ out, err, stderr, loose, lost, timeoutSeconds }: Heard): Answer {
  const exitCode = out.exitCode()
  const complete = lost === null && exitCode !== null && err.exitCode() !== null
  const begun = out.begun()
    ? `it began, but did not end within ${timeoutSeconds} s, or the connection was lost`
    : `it never began: "${loose.trim()}"`
  return {
    ...textOf([]),
    stderr,
    exitCode: complete ? exitCode : null,
    complete,
    lost: complete ? null : (lost ?? begun),
    noise: [out.noise(), err.noise()].filter((text) => text !== '').join('\n'),
  }
}

/** Lines, not bytes: a line is given as soon as its end has come. */
function follow(channel: ClientChannel, marker: string, text: string, onLine: (line: string) => void): Promise<Follower> {
  return new Promise((resolve, reject) => {
    const { promise: done, resolve: finish, reject: fail } = Promise.withResolvers<void>()
    done.catch(() => {}) // whoever waits for it hears of it
    let state: 'before' | 'inside' = 'before'
    let exitCode: number | null = null
    let rest = ''
    const hear = (line: string) => {
      if (line === `${marker} begin`) {
        state = 'inside'
        resolve({ write: (text) => void channel.write(text), done, close: () => channel.end() })
      } else if (line.startsWith(`${marker} end `)) exitCode = Number(line.slice(marker.length + 5))
      else if (state === 'inside' && exitCode === null) onLine(line)
    }
    const decoder = new TextDecoder()
    channel.on('data', (chunk: Buffer) => {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      lines.forEach(hear)
    })
    channel.stderr.resume()
    channel.on('error', () => channel.destroy())
    channel.once('close', () => {
      const lost = new TransientError('the connection of a long-lived remote script was lost', { waitingFor: 'SSH_DOWN' })
      if (state === 'before') reject(lost)
      if (exitCode === 0) finish()
      else if (exitCode === null) fail(lost)
      else fail(new TransientError(`a long-lived remote script ended with ${exitCode}`, { waitingFor: 'SSH_DOWN' }))
    })
    channel.write(text)
  })
}
