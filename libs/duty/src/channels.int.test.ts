import { MAX_CHANNELS } from '@crystalmath/cluster'
import { ClusterSpec } from '@crystalmath/contract'
import type { Log } from '@crystalmath/service'
import { findBudget, openStore, type Store, saveBudget } from '@crystalmath/store'
import { testDatabase, waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { channelsOf } from './channels.ts'

let store: Store
let database: ReturnType<typeof testDatabase>
beforeAll(async () => {
  database = testDatabase('channels')
  store = await openStore({ url: database.url, database: database.name, source: '/crystalmath/test' })
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

const log = { warn: () => undefined } as unknown as Log
const cluster = (name: string, user: string) =>
  ClusterSpec.parse({ name, scheduler: 'slurm', ssh: { host: 'alps', user, key: 'k' }, root: '/r', codes: {} })

describe('the sessions that an account takes at once', () => {
  it('are learnt by one process and known to the next, for every cluster of the account', async () => {
    const first = await channelsOf(store, cluster('cpu', 'ada'), log)
    expect(first.maxChannels).toBe(MAX_CHANNELS)
    first.onRefusedChannel?.(2)
    await waitUntil(async () => (await findBudget(store, cluster('cpu', 'ada'))).channels === 2, {
      timeoutMs: 5_000,
      onTimeout: () => 'it was not stored',
    })
    // a site that was changed meanwhile is found out about, one more with each connection
    expect((await channelsOf(store, cluster('gpu', 'ada'), log)).maxChannels).toBe(3)
    expect((await channelsOf(store, cluster('gpu', 'ada'), log)).maxChannels).toBe(4)
    expect((await channelsOf(store, cluster('cpu', 'bob'), log)).maxChannels).toBe(MAX_CHANNELS)
  })

  it('stand beside the jobs that it takes', async () => {
    const limit = { kind: 'QUOTA', because: 'AssocMaxSubmitJobLimit', inFlight: 8, step: 1 } as const
    await saveBudget(store, cluster('cpu', 'eve'), { jobs: limit })
    await saveBudget(store, cluster('cpu', 'eve'), { channels: 5 })
    expect(await findBudget(store, cluster('gpu', 'eve'))).toEqual({ channels: 5, jobs: limit })
  })
})
