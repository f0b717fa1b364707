import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Db, MongoClient, MongoServerError } from 'mongodb'
import { startServer } from './child-server.ts'
import { MONGO_CACHE_GIBIBYTES } from './config.ts'
import { findMongod } from './find-binary.ts'
import type { LocalServer, ServerOptions } from './server.ts'

const REPLICA_SET = 'crystalmath'
/** Codes of MongoDB's `error_codes.yml`. */
const NOT_YET_INITIALIZED = 94
const INVALID_REPLICA_SET_CONFIG = 93

/** Starts a mongod with its data below `dir`, on loopback only, as a replica set of one: transactions and change streams work. */
export async function startMongo(options: ServerOptions): Promise<LocalServer> {
  const dir = resolve(options.dir)
  const binary = await findMongod(options.onProgress)
  const data = join(dir, 'data')
  await mkdir(data, { recursive: true })
  return startServer(
    {
      name: 'mongod',
      binary,
      argv: (port) => words(data, port),
      ready: makePrimary,
      url: (port) => `mongodb://127.0.0.1:${port}/?replicaSet=${REPLICA_SET}`,
    },
    { ...options, dir },
  )
}

const words = (data: string, port: number): readonly string[] => [
  ...['--dbpath', data, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'],
  ...['--replSet', REPLICA_SET, '--oplogSize', '256', '--wiredTigerCacheSizeGB', String(MONGO_CACHE_GIBIBYTES), '--quiet'],
  ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
]

/** Initiates the replica set, or gives it the port of today; throws until it is primary. */
async function makePrimary(port: number): Promise<void> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, { serverSelectionTimeoutMS: 1_000 })
  try {
    const admin = client.db('admin')
    if ((await admin.command({ hello: 1 }))['isWritablePrimary'] === true) return
    await configure(admin, `127.0.0.1:${port}`)
    throw new Error(`mongod on port ${port} is not primary yet`)
  } finally {
    await client.close()
  }
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
