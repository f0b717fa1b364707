import { BUDGET_LEAST, BUDGET_MOST, ClusterSpec } from '@crystalmath/contract'
import { type Log, Registry } from '@crystalmath/service'
import { findBudget, narrow, openStore, type Store, saveBudget, viewBudget, widen } from '@crystalmath/store'
import { testDatabase, waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLoad } from './load.ts'
import { showLoads } from './load-metrics.ts'

let store: Store
let database: ReturnType<typeof testDatabase>
beforeAll(async () => {
  database = testDatabase('loads')
  store = await openStore({ url: database.url, database: database.name, source: '/crystalmath/test' })
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

const log = { warn: () => undefined } as unknown as Log
const cluster = (name: string, user: string) =>
  ClusterSpec.parse({ name, scheduler: 'slurm', ssh: { host: 'alps', user, key: 'k' }, root: '/r', codes: {} })
/** As if nothing had changed for a while. */
const age = (user: string, seconds: number) =>
  store.db.collection<{ _id: string }>('budgets').updateOne({ _id: `${user}@alps:22` }, [
    {
      $set: {
        changedAt: {
          $arrayToObject: {
            $map: {
              input: { $objectToArray: { $ifNull: ['$changedAt', {}] } },
              in: { k: '$$this.k', v: { $subtract: ['$$this.v', 1_000 * seconds] } },
            },
          },
        },
      },
    },
  ])

describe('what an account is asked', () => {
  it('is halved by trouble, once however many answers show it, and goes no lower than its least', async () => {
    const spec = cluster('cpu', 'ada')
    expect((await findBudget(store, spec)).limits).toEqual(BUDGET_MOST)
    const many = await Promise.all(Array.from({ length: 6 }, () => narrow(store, spec, 'submissions')))
    expect(many.map(({ submissions }) => submissions)).toEqual([12, 12, 12, 12, 12, 12])
    for (let i = 0; i < 5; i += 1) {
      await age('ada', 6)
      await narrow(store, spec, 'submissions')
      await narrow(store, spec, 'channels')
    }
    expect((await findBudget(store, spec)).limits).toEqual({
      ...BUDGET_MOST,
      submissions: BUDGET_LEAST.submissions,
      channels: BUDGET_LEAST.channels,
    })
  })

  it('grows again step by step, and not sooner than half a minute after a change', async () => {
    const spec = cluster('cpu', 'bob')
    await narrow(store, spec, 'commands')
    expect((await widen(store, spec, 'commands')).commands).toBe(60)
    await age('bob', 31)
    const both = await Promise.all([widen(store, spec, 'commands'), widen(store, spec, 'commands')])
    expect(both.map(({ commands }) => commands)).toEqual([72, 72])
    for (let i = 0; i < 6; i += 1) {
      await age('bob', 31)
      await widen(store, spec, 'commands')
    }
    expect((await findBudget(store, spec)).limits.commands).toBe(BUDGET_MOST.commands)
  })

  it('is learnt by one process and kept by the others, for every cluster of the account', async () => {
    const first = await openLoad(store, cluster('cpu', 'eve'), log)
    const other = await openLoad(store, cluster('gpu', 'eve'), log)
    const stranger = await openLoad(store, cluster('cpu', 'mallory'), log)
    await first.channels.take()
    await first.channels.take()
    await first.channels.take()
    expect(first.channels.learnRefusal()).toBe(true)
    first.heard('channels', 'refused')
    first.heard('commands', 'late')
    await waitUntil(() => other.limits().channels === 2 && other.limits().commands === 60, {
      timeoutMs: 15_000,
      onTimeout: () => JSON.stringify(other.limits()),
    })
    expect([other.channels.limit(), other.questions.perMinute()]).toEqual([2, 60])
    expect(stranger.limits()).toEqual(BUDGET_MOST)
    expect(first.troubles()).toEqual({ channels: 1, transfers: 0, commands: 1, submissions: 0 })
    // one window's worth of good answers, after a while, is a step upwards
    await age('eve', 31)
    other.heard('channels', 'fine')
    other.heard('channels', 'fine')
    await waitUntil(() => other.channels.limit() === 3, { timeoutMs: 5_000, onTimeout: () => JSON.stringify(other.limits()) })
    for (const one of [first, other, stranger]) one.close()
  }, 30_000)

  it('stands beside the jobs that it takes, with the connections that are open', async () => {
    const limit = { kind: 'QUOTA', because: 'AssocMaxSubmitJobLimit', inFlight: 8, step: 1 } as const
    await saveBudget(store, cluster('cpu', 'kim'), { jobs: limit })
    await narrow(store, cluster('gpu', 'kim'), 'transfers')
    await store.db.collection<{ _id: string; expiresAt: Date }>('leases').insertMany([
      { _id: 'read:kims', expiresAt: new Date(Date.now() + 60_000) },
      { _id: 'write:kims', expiresAt: new Date(0) },
    ])
    const clusters = [cluster('kims', 'kim'), cluster('kims-gpu', 'kim'), cluster('cpu', 'ada')]
    expect(await viewBudget(store, cluster('kims-gpu', 'kim'), clusters)).toEqual({
      account: 'kim@alps:22',
      connections: { now: 1, most: 4 },
      limits: {
        channels: { now: 6, most: 6 },
        transfers: { now: 1, most: 2 },
        commands: { now: 120, most: 120 },
        submissions: { now: 25, most: 25 },
      },
      jobs: limit,
    })
  })

  it('is shown among the figures of who serves it, while it is served', async () => {
    const registry = new Registry()
    const show = showLoads(registry, 'read')
    const load = await openLoad(store, cluster('cpu', 'joe'), log)
    await load.channels.take()
    const hide = show(cluster('cpu', 'joe').name, load)
    const text = await registry.metrics()
    expect(text).toContain('crystalmath_account_limit{cluster="cpu",right="read",what="commands"} 120')
    expect(text).toContain('crystalmath_account_used{cluster="cpu",right="read",what="channels"} 1')
    expect(text).toContain('crystalmath_account_troubles{cluster="cpu",right="read",what="submissions"} 0')
    hide()
    expect(await registry.metrics()).not.toContain('cluster="cpu"')
    load.close()
  })
})
