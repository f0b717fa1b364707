// Makes the replica set of one member, its administrator and the services' user; run again it finds them and does nothing.
// Runs beside mongod on localhost: only from there may the first user be made.
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { MongoClient, MongoServerError } from 'mongodb'
import { optional, variable } from './config.ts'

const secret = (name: string): string => readFileSync(variable(name), 'utf8').trim()

const url = new URL(secret('MONGODB_URL_FILE'))
const database = optional('MONGODB_DATABASE') ?? 'crystalmath'
const root = { username: 'root', password: secret('MONGO_ROOT_PASSWORD_FILE') }
const LOCAL = 'mongodb://127.0.0.1:27017/?directConnection=true'
const say = (line: string) => process.stdout.write(`mongo: ${line}\n`)

/** Codes of MongoDB's error_codes.yml. */
const AUTHENTICATION_FAILED = 18
const NOT_YET_INITIALIZED = 94
const USER_EXISTS = 51_003
const isCode = (error: unknown, code: number) => error instanceof MongoServerError && error.code === code

async function administrator(): Promise<MongoClient> {
  const client = new MongoClient(LOCAL, { auth: root, authSource: 'admin', serverSelectionTimeoutMS: 60_000 })
  try {
    return await client.connect()
  } catch (error) {
    await client.close()
    if (!isCode(error, AUTHENTICATION_FAILED)) throw error
    await makeFirst()
    return await new MongoClient(LOCAL, { auth: root, authSource: 'admin' }).connect()
  }
}

/** The replica set and the administrator: all that localhost may do while there is no user. */
async function makeFirst(): Promise<void> {
  const client = await new MongoClient(LOCAL).connect()
  try {
    const admin = client.db('admin')
    const name = url.searchParams.get('replicaSet') ?? 'crystalmath'
    await admin.command({ replSetGetStatus: 1 }).catch(async (error: unknown) => {
      if (!isCode(error, NOT_YET_INITIALIZED)) return
      await admin.command({ replSetInitiate: { _id: name, members: [{ _id: 0, host: variable('MONGODB_MEMBER') }] } })
      say(`replica set ${name} made`)
    })
    while ((await admin.command({ hello: 1 }))['isWritablePrimary'] !== true) await delay(200)
    await admin.command({ createUser: root.username, pwd: root.password, roles: ['root'] })
    say('administrator made')
  } finally {
    await client.close()
  }
}

const client = await administrator()
try {
  const user = decodeURIComponent(url.username)
  const roles = [{ role: 'readWrite', db: database }]
  const admin = client.db('admin')
  while ((await admin.command({ hello: 1 }))['isWritablePrimary'] !== true) await delay(200)
  const password = decodeURIComponent(url.password)
  await admin.command({ createUser: user, pwd: password, roles }).then(
    () => say(`user ${user} made`),
    async (error: unknown) => {
      if (!isCode(error, USER_EXISTS)) throw error
      // a password that was changed in the secret is changed here too
      await admin.command({ updateUser: user, pwd: password, roles })
    },
  )
  say('ready')
} finally {
  await client.close()
}
