import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { PermanentError } from '@crystalmath/contract'
import { type Db, MongoClient, MongoServerError } from 'mongodb'
import { startServer } from './child-server.ts'
import { MONGO_CACHE_GIBIBYTES } from './config.ts'
import { findMongod } from './find-binary.ts'
import { type Member, openGroup, type ServerGroup } from './group.ts'
import type { LocalServer, ServerOptions } from './server.ts'

const REPLICA_SET = 'crystalmath'
/** Codes of MongoDB's `error_codes.yml`. */
const NOT_YET_INITIALIZED = 94
const INVALID_REPLICA_SET_CONFIG = 93

/** Starts a mongod with its data below `dir`, on loopback only, as a replica set of one: transactions and change streams work. */
export const startMongo = (options: ServerOptions): Promise<LocalServer> => start(options, makePrimary)

export type ReplicaSet = ServerGroup & {
  /** The one that takes writes now; waits for the end of an election. */
  primary(): Promise<Member>
}

/** Starts servers that form one replica set, each below a folder of its own in `dir`, and awaits a primary; three keep what a majority has while one is away. */
export async function startReplicaSet({
  dir,
  onProgress,
  size = 3,
}: ServerOptions & { readonly size?: number }): Promise<ReplicaSet> {
  const members = Array.from({ length: size }, (_, i) => ({
    name: `mongo-${i + 1}`,
    start: () => start({ dir: join(dir, `mongo-${i + 1}`), ...(onProgress === undefined ? {} : { onProgress }) }, answers),
  }))
  const hosts: string[] = []
  const group = await openGroup(members, (servers) => {
    hosts.push(...servers.map(({ port }) => `127.0.0.1:${port}`))
    return `mongodb://${hosts.join(',')}/?replicaSet=${REPLICA_SET}`
  })
  try {
    await initiate(hosts)
    // as the others of the set call them
    const named = group.members.map((member, n) => ({ ...member, name: hosts[n] ?? member.name }))
    const primary = async () => {
      const { me } = await withAdmin(group.url, PRIMARY_MS, (admin) => admin.command({ hello: 1 }))
      const found = named.find(({ name }) => name === me)
      if (found === undefined) throw new PermanentError(`the replica set's primary "${me}" is none of ${hosts.join(', ')}`)
      return found
    }
    await primary()
    return { ...group, members: named, primary }
  } catch (error) {
    await group.stop()
    throw error
  }
}

async function start(options: ServerOptions, ready: (port: number) => Promise<void>): Promise<LocalServer> {
  const dir = resolve(options.dir)
  const binary = await findMongod(options.onProgress)
  const data = join(dir, 'data')
  await mkdir(data, { recursive: true })
  return startServer(
    {
      name: 'mongod',
      binary,
      argv: (port) => words(data, port),
      ready,
      url: (port) => `mongodb://127.0.0.1:${port}/?replicaSet=${REPLICA_SET}`,
    },
    { ...options, dir },
  )
}

const words = (data: string, port: number): readonly string[] => [
  ...['--dbpath', data, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'],
  ...['--replSet', REPLICA_SET, '--oplogSize', '256', '--wiredTigerCacheSizeGB', String(MONGO_CACHE_GIBIBYTES), '--quiet'],
  ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
  // a primary would wait 15 s for its clients to go elsewhere
  ...['--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=100'],
]

/** A first election among members that have just started takes this long at most. */
const PRIMARY_MS = 30_000

async function withAdmin<T>(url: string, waitMs: number, use: (admin: Db) => Promise<T>): Promise<T> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: waitMs })
  return await use(client.db('admin')).finally(() => client.close())
}

const direct = (port: number) => `mongodb://127.0.0.1:${port}/?directConnection=true`

const answers = (port: number): Promise<void> =>
  withAdmin(direct(port), 1_000, async (admin) => void (await admin.command({ ping: 1 })))

/** Initiates the replica set, or gives it the port of today; throws until it is primary. */
const makePrimary = (port: number): Promise<void> =>
  withAdmin(direct(port), 1_000, async (admin) => {
    if ((await admin.command({ hello: 1 }))['isWritablePrimary'] === true) return
    await configure(admin, `127.0.0.1:${port}`)
    throw new Error(`mongod on port ${port} is not primary yet`)
  })

/** Makes one set of these members; those that are one already stay as they are. */
async function initiate(hosts: readonly string[]): Promise<void> {
  const [first = ''] = hosts
  await withAdmin(`mongodb://${first}/?directConnection=true`, PRIMARY_MS, async (admin) => {
    if ((await admin.command({ hello: 1 }))['setName'] !== undefined) return
    await admin.command({ replSetInitiate: { _id: REPLICA_SET, members: hosts.map((host, _id) => ({ _id, host })) } })
  })
}

async function configure(admin: Db, host: string): Promise<void> {
  const members = [{ _id: 0, host }]
  try {
    const { config } = await admin.command({ replSetGetConfig: 1 })
    if (config.members[0]?.host === host) return
    // forced: a member whose own address is not in its configuration can become primary in no other way
    await admin.command({ replSetReconfig: { ...config, version: config.version + 1, members }, force: true })
  } catch (error) {
    if (!(error instanceof MongoServerError)) throw error
    if (error.code !== NOT_YET_INITIALIZED && error.code !== INVALID_REPLICA_SET_CONFIG) throw error
    await admin.command({ replSetInitiate: { _id: REPLICA_SET, members } })
  }
}
