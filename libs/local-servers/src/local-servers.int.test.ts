import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from './free-port.ts'
import { startMongo, startNats } from './index.ts'
import { isAlive } from './process.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'crystalmath-servers-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

describe('startNats', () => {
  it('keeps its port over a restart, listens on loopback only and leaves no process', async () => {
    const first = await startNats({ dir: join(dir, 'nats') })
    await first.stop()
    expect(await isAlive(first.pid)).toBe(false)
    const second = await startNats({ dir: join(dir, 'nats') })
    expect(second.port).toBe(first.port)
    expect(await listeners(second.port)).toEqual(['0100007F'])
    await second.stop()
    await expect(second.ended).resolves.toEqual({ exitCode: expect.anything(), signal: null })
  })

  it('says at once that a port is taken', async () => {
    const one = await startNats({ dir: join(dir, 'nats') })
    await expect(startNats({ dir: join(dir, 'nats2'), port: one.port })).rejects.toThrow(`port ${one.port} of 127.0.0.1 is taken`)
    await one.stop()
  })

  it('stops what a killed parent left behind in the same folder', async () => {
    const orphan = await startNats({ dir: join(dir, 'nats') })
    const heir = await startNats({ dir: join(dir, 'nats') })
    expect(heir.port).toBe(orphan.port)
    expect(await isAlive(orphan.pid)).toBe(false)
    await heir.stop()
  })
})

describe('startMongo', () => {
  it('finds its primary and its data again after its port has changed', async () => {
    const first = await startMongo({ dir: join(dir, 'mongo') })
    await withClient(first.url, async (client) => {
      const session = client.startSession()
      await session.withTransaction(() => client.db('t').collection('c').insertOne({ n: 7 }, { session }))
      await session.endSession()
    })
    await first.stop()
    const second = await startMongo({ dir: join(dir, 'mongo'), port: await freePort() })
    expect(second.port).not.toBe(first.port)
    await withClient(second.url, async (client) => {
      expect(await client.db('t').collection('c').findOne()).toMatchObject({ n: 7 })
    })
    expect(await listeners(second.port)).toEqual(['0100007F'])
    await second.stop()
    await expect(connects(second.port)).rejects.toThrow('ECONNREFUSED')
  })
})

async function withClient(url: string, use: (client: MongoClient) => Promise<void>): Promise<void> {
  const client = new MongoClient(url)
  await use(client).finally(() => client.close())
}

/** Addresses, as /proc/net/tcp spells them, on which somebody listens at this port. */
async function listeners(port: number): Promise<string[]> {
  const LISTEN = '0A'
  const rows = (await readFile('/proc/net/tcp', 'utf8')).split('\n').map((line) => line.trim().split(/\s+/))
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  return rows.flatMap(([, local = '', , state]) => (state === LISTEN && local.endsWith(`:${wanted}`) ? [local.slice(0, 8)] : []))
}

const connects = (port: number) =>
  new Promise<void>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', reject)
  })
