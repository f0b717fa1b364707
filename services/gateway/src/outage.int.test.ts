import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startMongo } from '@crystalmath/local-servers'
import { waitUntil } from '@crystalmath/testing'
import { describe, expect, it } from 'vitest'
import { SCRIPT, startPlatform } from './testing/platform.ts'

describe('a gateway whose database goes away', () => {
  it('says so with 503, and goes on when it is back, with nothing made twice', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'crystalmath-outage-'))
    let mongo = await startMongo({ dir })
    const platform = await startPlatform({ mongoUrl: mongo.url })
    const post = () => platform.ask('mike', 'POST', '/v1/jobs', { body: [SCRIPT, SCRIPT], headers: { 'idempotency-key': 'k' } })
    const before = await post()
    expect(before.status).toBe(201)
    await mongo.stop()
    const during = await post()
    expect({ status: during.status, wait: during.headers.get('retry-after') }).toEqual({ status: 503, wait: '2' })
    expect(during.json['detail']).toMatch(/database does not answer/)
    expect((await platform.ask(null, 'GET', '/readyz')).json).toEqual({ ready: false, missing: ['store'] })
    mongo = await startMongo({ dir })
    let after = during
    await waitUntil(async () => {
      after = await post()
      return after.status === 201
    })
    expect(after.json).toEqual(before.json)
    expect((await platform.ask('mike', 'GET', '/v1/jobs/counts')).json).toMatchObject({ total: 2 })
    await platform.close()
    await mongo.stop()
    await rm(dir, { recursive: true })
  })
})
