import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import { startServer } from './child-server.ts'
import { findNatsServer } from './find-binary.ts'
import type { LocalServer, ServerOptions } from './server.ts'

/** Starts a nats-server with JetStream on files below `dir`, on loopback only. */
export async function startNats(options: ServerOptions): Promise<LocalServer> {
  const dir = resolve(options.dir)
  const binary = await findNatsServer(options.onProgress)
  const configFile = join(dir, 'nats.conf')
  await mkdir(dir, { recursive: true })
  await writeFile(configFile, configuration(dir))
  return startServer(
    {
      name: 'nats-server',
      binary,
      argv: (port) => ['--config', configFile, '--addr', '127.0.0.1', '--port', String(port)],
      ready: answersWithJetStream,
      url: (port) => `nats://127.0.0.1:${port}`,
    },
    { ...options, dir },
  )
}

const configuration = (dir: string) => `jetstream {
  store_dir: ${JSON.stringify(join(dir, 'data'))}
  max_memory_store: 64MB
  max_file_store: 20GB
}
max_payload: 1MB
`

/** The server greets with `INFO {…}`; the JSON tells whether JetStream is up. */
async function answersWithJetStream(port: number): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port, timeout: 2_000 })
  try {
    const [greeting] = await once(socket, 'data', { signal: AbortSignal.timeout(2_000) })
    if (!String(greeting).includes('"jetstream":true')) throw new Error(`nats-server on port ${port} answers without JetStream`)
  } finally {
    socket.destroy()
  }
}
