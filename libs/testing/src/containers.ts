import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { MongoClient } from 'mongodb'
import { engineSocket, withoutCleaner } from './config.ts'

const IMAGES = { nats: 'nats:2.11-alpine', mongo: 'mongo:7' } as const
/** The process that runs the tests. */
const LABEL = 'org.crystalmath.tests.pid'
const ENGINE_MS = 500

/** NATS and MongoDB of one run of tests. */
export type Servers = { readonly natsUrl: string; readonly mongoUrl: string; stop(): Promise<void> }

/** Null where an engine answers and has both images; else what is missing. Half a second at most. */
export async function whyNoContainers(): Promise<string | null> {
  const socket = engineSocket()
  if (socket === null) return 'DOCKER_HOST names no socket'
  if ((await ask(socket, '/_ping')) !== 200) return `no Docker engine answers at ${socket}`
  for (const image of Object.values(IMAGES))
    if ((await ask(socket, `/images/${image}/json`)) !== 200) return `the Docker engine has no ${image}: docker pull ${image}`
  return null
}

/** Status of the engine's answer; null where it gives none in time. */
const ask = async (socket: string, path: string) => (await tell(socket, 'GET', path))?.status ?? null

type Answer = { readonly status: number; readonly body: string }

const tell = (socketPath: string, method: 'GET' | 'DELETE', path: string) =>
  new Promise<Answer | null>((resolve) => {
    const told = request({ socketPath, path, method, timeout: ENGINE_MS }, (answer) => {
      let body = ''
      answer.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, body }))
    })
    told.once('timeout', () => told.destroy(new Error('no answer in time')))
    told.once('error', () => resolve(null))
    told.end()
  })

/** Removes the containers of runs that were killed. */
async function clearLeftOvers(): Promise<void> {
  const socket = engineSocket()
  if (socket === null) return
  const filters = encodeURIComponent(JSON.stringify({ label: [LABEL] }))
  const listed = await tell(socket, 'GET', `/containers/json?all=1&filters=${filters}`)
  if (listed?.status !== 200) return
  const containers = JSON.parse(listed.body) as readonly {
    readonly Id: string
    readonly Labels: Readonly<Record<string, string>>
  }[]
  for (const { Id, Labels } of containers)
    if (!existsSync(`/proc/${Labels[LABEL]}`)) await tell(socket, 'DELETE', `/containers/${Id}?force=1&v=1`)
}

/** Starts one NATS with JetStream and one MongoDB, a replica set of one, in containers. */
export async function startContainers(): Promise<Servers> {
  withoutCleaner()
  await clearLeftOvers()
  // only here: it takes a second to load
  const { GenericContainer, Wait } = await import('testcontainers')
  const labels = { [LABEL]: String(process.pid) }
  const starting = [
    new GenericContainer(IMAGES.nats)
      .withCommand(['-js', '-sd', '/data'])
      .withTmpFs({ '/data': 'rw' })
      .withLabels(labels)
      .withExposedPorts(4_222)
      .withWaitStrategy(Wait.forLogMessage('Server is ready'))
      .start(),
    new GenericContainer(IMAGES.mongo)
      .withCommand(['mongod', '--replSet', 'crystalmath', '--bind_ip_all', '--wiredTigerCacheSizeGB', '0.5'])
      .withTmpFs({ '/data/db': 'rw,mode=1777' })
      .withLabels(labels)
      .withExposedPorts(27_017)
      .withWaitStrategy(Wait.forLogMessage('Waiting for connections'))
      .start(),
  ] as const
  const stop = async () => {
    const started = await Promise.allSettled(starting)
    await Promise.all(started.map(async (one) => one.status === 'fulfilled' && one.value.stop({ timeout: 0 })))
  }
  try {
    const [nats, mongo] = await Promise.all(starting)
    const mongoUrl = `mongodb://${mongo.getHost()}:${mongo.getMappedPort(27_017)}/?directConnection=true`
    await makeReplicaSet(mongoUrl)
    return { natsUrl: `nats://${nats.getHost()}:${nats.getMappedPort(4_222)}`, mongoUrl, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Its one member is named as it sees itself: clients come through a mapped port, and directly. */
async function makeReplicaSet(url: string): Promise<void> {
  const client = await new MongoClient(url).connect()
  try {
    const admin = client.db('admin')
    await admin.command({ replSetInitiate: { _id: 'crystalmath', members: [{ _id: 0, host: '127.0.0.1:27017' }] } })
    while ((await admin.command({ hello: 1 }))['isWritablePrimary'] !== true) await new Promise((done) => setTimeout(done, 20))
  } finally {
    await client.close()
  }
}
