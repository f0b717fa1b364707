import { testDatabase, waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { takeLease } from './leases.ts'
import { openStore, type Store } from './open.ts'

let store: Store
let database: ReturnType<typeof testDatabase>
beforeAll(async () => {
  database = testDatabase('leases')
  store = await openStore({ url: database.url, database: database.name, source: '/crystalmath/test' })
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

describe('a lease', () => {
  it('is held by one at a time', async () => {
    const all = await Promise.all(['a', 'b', 'c', 'd'].map((holder) => takeLease(store, { name: 'write:alps', holder })))
    expect(all.filter((lease) => lease !== null)).toHaveLength(1)
    for (const lease of all) await lease?.release()
  })

  it('passes on with a higher number when given back', async () => {
    const first = await takeLease(store, { name: 'write:jura', holder: 'a' })
    await first?.release()
    expect(first?.isHeld()).toBe(false)
    const second = await takeLease(store, { name: 'write:jura', holder: 'b' })
    expect(second?.number).toBe((first?.number ?? 0) + 1)
    await second?.release()
  })

  it('is renewed while its holder lives', async () => {
    const lease = await takeLease(store, { name: 'write:ural', holder: 'a', ttlMs: 600 })
    const until = performance.now() + 1_500
    await waitUntil(() => performance.now() > until, { timeoutMs: 5_000, onTimeout: () => 'time stood still' })
    expect(lease?.isHeld()).toBe(true)
    expect(await takeLease(store, { name: 'write:ural', holder: 'b', ttlMs: 600 })).toBeNull()
    await lease?.release()
  })

  it('is given up by its holder before another can take it', async () => {
    const other = await openStore({ url: database.url, database: database.name, source: '/crystalmath/test' })
    const lease = await takeLease(other, { name: 'write:alai', holder: 'a', ttlMs: 1_200 })
    await other.close() // it can renew no more
    let wasHeldWhenTaken: boolean | undefined
    const taken = await waitUntil(
      async () => {
        const next = await takeLease(store, { name: 'write:alai', holder: 'b', ttlMs: 1_200 })
        if (next !== null) wasHeldWhenTaken = lease?.isHeld()
        return next
      },
      { timeoutMs: 10_000, onTimeout: () => 'nobody could take it over' },
    )
    expect(wasHeldWhenTaken).toBe(false)
    expect(taken?.number).toBe((lease?.number ?? 0) + 1)
    await taken?.release()
  })
})
