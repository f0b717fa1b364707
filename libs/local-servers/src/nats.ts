import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import { startServer } from './child-server.ts'
import { findNatsServer } from './find-binary.ts'
import { freePort } from './free-port.ts'
import { openGroup, type ServerGroup } from './group.ts'
import type { LocalServer, ServerOptions } from './server.ts'

/** Starts a nats-server with JetStream on files below `dir`, on loopback only. */
export const startNats = (options: ServerOptions): Promise<LocalServer> => start(options)

/** Starts servers that form one cluster, each below a folder of its own in `dir`; three keep a stream while one is away. */
export async function startNatsCluster({
  dir,
  onProgress,
  size = 3,
}: ServerOptions & { readonly size?: number }): Promise<ServerGroup> {
  const names = Array.from({ length: size }, (_, i) => `nats-${i + 1}`)
  const ports = await Promise.all(names.map(freePort))
  const members = names.map((name, i) => ({
    name,
    start: () =>
      start({ dir: join(dir, name), ...(onProgress === undefined ? {} : { onProgress }) }, { name, port: ports[i] ?? 0, ports }),
  }))
  return openGroup(members, (servers) => servers.map(({ url }) => url).join(','))
}

/** How a server finds the others of its cluster. */
type Place = { readonly name: string; readonly port: number; readonly ports: readonly number[] }

async function start(options: ServerOptions, place?: Place): Promise<LocalServer> {
  const dir = resolve(options.dir)
  const binary = await findNatsServer(options.onProgress)
  const configFile = join(dir, 'nats.conf')
  await mkdir(dir, { recursive: true })
  await writeFile(configFile, `${configuration(dir)}${place === undefined ? '' : clusterOf(place)}`)
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

const clusterOf = ({ name, port, ports }: Place) => `server_name: ${name}
cluster {
  name: crystalmath
  listen: 127.0.0.1:${port}
  routes: [${ports.map((other) => `nats://127.0.0.1:${other}`).join(', ')}]
}
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
