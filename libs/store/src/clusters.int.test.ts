import { ClusterSpec, type WaitingFor } from '@crystalmath/contract'
import { testDatabase } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findCluster, saveCluster, saveClusterWait } from './clusters.ts'
import { openStore, type Store } from './open.ts'

let store: Store
let database: ReturnType<typeof testDatabase>
beforeAll(async () => {
  database = testDatabase('clusters')
  store = await openStore({ url: database.url, database: database.name, source: '/crystalmath/test' })
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

const alps = (port: number) =>
  ClusterSpec.parse({
    name: 'alps',
    scheduler: 'slurm',
    ssh: { host: 'alps', port, user: 'ada', key: 'k' },
    root: '/r',
    codes: {},
  })
const AWAY: WaitingFor = { kind: 'SSH_DOWN', because: 'refused', since: '2026-11-29T00:00:00.000Z' }
const wait = async () => (await findCluster(store, alps(22).name))?.waitingFor ?? null

describe('what a cluster waits for', () => {
  it('stands while the cluster is registered as it was', async () => {
    await saveCluster(store, alps(22))
    await saveClusterWait(store, alps(22).name, AWAY, alps(22))
    await saveCluster(store, alps(22))
    expect(await wait()).toEqual(AWAY)
  })

  it('is forgotten when it moves, and who still tries the old address says nothing of the new one', async () => {
    await saveCluster(store, alps(2_222))
    expect(await wait()).toBeNull()
    await saveClusterWait(store, alps(22).name, AWAY, alps(22))
    expect(await wait()).toBeNull()
    await saveClusterWait(store, alps(22).name, AWAY, alps(2_222))
    expect(await wait()).toEqual(AWAY)
  })
})
