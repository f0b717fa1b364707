import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { emptyResult } from '@crystalmath/codes'
import { type ClusterInventory, ClusterSpec, JobId, PermanentError, tokenOf } from '@crystalmath/contract'
import { testDatabase } from '@crystalmath/testing'
import { Binary } from 'mongodb'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findCluster, saveCluster, saveInventory } from './clusters.ts'
import { openStore, type Store } from './open.ts'
import { listOutputs, readOutputs, saveOutputs } from './outputs.ts'
import { findResult, saveResult } from './results.ts'

let store: Store
let database: ReturnType<typeof testDatabase>
beforeAll(async () => {
  database = testDatabase('stored')
  store = await openStore({ url: database.url, database: database.name, source: '/crystalmath/test' })
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

const newToken = () => tokenOf(JobId.parse(uuidv7()), 1)

describe('kept outputs', () => {
  it('come back as they were, small and large', async () => {
    const token = newToken()
    const files = [
      { path: 'pw.out', content: Buffer.from('JOB DONE.\n') },
      { path: 'out/charge.dat', content: randomBytes(3 << 20) },
    ]
    await saveOutputs(store, token, files)
    await saveOutputs(store, token, files) // a repetition replaces
    expect((await listOutputs(store, token)).map(({ path, size }) => [path, size])).toEqual([
      ['pw.out', 10],
      ['out/charge.dat', 3 << 20],
    ])
    for await (const { path, content } of readOutputs(store, token)) {
      expect(Buffer.compare(content, files.find((file) => file.path === path)?.content ?? Buffer.alloc(0))).toBe(0)
    }
  })

  it.each(['POTCAR', 'run/POTCAR.gz', 'POT_GGA', 'PSCTR'])('are never a pseudopotential under licence: %s', async (path) => {
    await expect(saveOutputs(store, newToken(), [{ path, content: Buffer.from('x') }])).rejects.toThrow(PermanentError)
  })
})

describe('a result', () => {
  it('comes back number by number, also when it is larger than a document may be', async () => {
    const id = JobId.parse(uuidv7())
    const forces = Array.from(
      { length: 400_000 },
      () => [Math.random(), Math.random(), Math.random()] as [number, number, number],
    )
    const result = { ...emptyResult('vasp'), energyEv: -1.23456789, forcesEvPerAngstrom: forces }
    const resultId = await saveResult(store, id, 1, result)
    expect(await findResult(store, resultId)).toEqual(result)
  })

  it('comes back from a gzip, too, as a large one was kept before', async () => {
    const id = JobId.parse(uuidv7())
    const result = { ...emptyResult('vasp'), energyEv: -1.23456789, warnings: ['a long one '.repeat(50_000)] }
    const resultId = await saveResult(store, id, 1, result)
    const stored = store.db.collection<{ _id: string; body: Binary }>('results')
    expect((await stored.findOne({ _id: resultId }))?.body.buffer.subarray(0, 2)).toEqual(Buffer.from('28b5', 'hex'))
    await stored.updateOne({ _id: resultId }, { $set: { body: new Binary(gzipSync(JSON.stringify(result))) } })
    expect(await findResult(store, resultId)).toEqual(result)
  })
})

describe('what the doctor learnt of a cluster', () => {
  it('is not replaced by what was learnt of it as it was registered before', async () => {
    const before = ClusterSpec.parse({
      name: 'alps',
      scheduler: 'slurm',
      ssh: { host: '127.0.0.1', user: 'cm', key: 'none' },
      root: '/scratch/cm',
    })
    const now = { ...before, codes: { vasp: { setUp: '', executables: {}, launcher: '' } } }
    const learnt = (schedulerVersion: string) => ({ schedulerVersion, findings: [] }) as unknown as ClusterInventory
    await saveCluster(store, before)
    expect(await saveInventory(store, before, learnt('22'))).toBe(true)
    await saveCluster(store, now)
    expect(await saveInventory(store, now, learnt('23'))).toBe(true)
    expect(await saveInventory(store, before, learnt('21'))).toBe(false)
    expect((await findCluster(store, before.name))?.inventory?.schedulerVersion).toBe('23')
  })
})
