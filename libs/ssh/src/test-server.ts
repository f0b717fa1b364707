import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import ssh2, { type Connection } from 'ssh2'
import type { SshTarget } from './connection.ts'

/** A real SSH server in the test's process; commands run in a real shell, as the user of the test. */
export type TestServer = {
  readonly target: SshTarget
  readonly hostKeyLine: string
  readonly connections: () => number
  /** Sessions open at the same time, at most so far. */
  readonly mostSessions: () => number
  /** Drops all connections without a word. */
  cut(): void
  close(): Promise<void>
}

export type ServerHabits = {
  /** Sessions at once; more are refused, as OpenSSH does beyond MaxSessions. */
  readonly maxSessions?: number
  /** Shell lines that every session runs first, as .bashrc would. */
  readonly profile?: string
  readonly acceptsKey?: boolean
  readonly port?: number
}

/** ECDSA: of the Ed25519 keys that ssh2 1.17 writes, one in 256 cannot be read again, by itself or by others. */
const newKey = () => ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 })

export async function testServer({
  maxSessions = 10,
  profile = '',
  acceptsKey = true,
  port = 0,
}: ServerHabits = {}): Promise<TestServer> {
  const host = newKey()
  const user = newKey()
  const live = new Set<Connection>()
  let connections = 0
  let most = 0
  const server = new ssh2.Server({ hostKeys: [host.private] }, (client) => {
    connections += 1
    live.add(client)
    let open = 0
    client.on('error', () => {})
    client.on('close', () => live.delete(client))
    client.on('authentication', (attempt) => {
      if (acceptsKey && attempt.method === 'publickey') attempt.accept()
      else attempt.reject(['publickey'])
    })
    client.on('session', (accept, reject) => {
      if (open >= maxSessions) {
        reject()
        return
      }
      open += 1
      most = Math.max(most, open)
      const session = accept()
      session.on('close', () => {
        open -= 1
      })
      session.on('exec', (acceptExec, _reject, { command }) => {
        const channel = acceptExec()
        const child = spawn('/bin/sh', ['-c', `${profile}\n${command}`])
        channel.pipe(child.stdin)
        child.stdin.on('error', () => {})
        child.stdout.pipe(channel, { end: false })
        child.stderr.pipe(channel.stderr, { end: false })
        channel.on('error', () => {})
        channel.on('close', () => child.stdin.destroy())
        child.on('close', (code) => {
          channel.exit(code ?? 255)
          channel.end()
        })
      })
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  const hostKeyLine = host.public.split(' ').slice(0, 2).join(' ')
  return {
    target: { host: '127.0.0.1', port: address.port, user: 'alice', privateKey: user.private, hostKeys: [hostKeyLine] },
    hostKeyLine,
    connections: () => connections,
    mostSessions: () => most,
    cut() {
      for (const client of live) client.end()
    },
    async close() {
      for (const client of live) client.end()
      server.close()
    },
  }
}
