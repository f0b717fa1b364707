import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBearer, listTokens, openStore, type Store } from '@crystalmath/store'
import { testDatabase } from '@crystalmath/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeFirstToken } from './first-token.ts'

const NOW = new Date('2026-11-21T09:00:00Z')
let store: Store
let folder: string
let drop: () => Promise<void>
beforeEach(async () => {
  const database = testDatabase('first')
  store = await openStore({ url: database.url, database: database.name, source: '/test' })
  folder = await mkdtemp(join(tmpdir(), 'crystalmath-first-'))
  drop = database.drop
})
afterEach(async () => {
  await store.close()
  await drop()
  await rm(folder, { recursive: true })
})

describe('the first token', () => {
  it('lets an administrator in, and only its owner may read it', async () => {
    const file = join(folder, 'token')
    expect(await makeFirstToken(store, file, NOW)).toBe(true)
    const token = (await readFile(file, 'utf8')).trim()
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await findBearer(store.db, token, NOW.toISOString())).toMatchObject({ user: { id: 'admin', admin: true } })
  })

  it('is made once', async () => {
    await makeFirstToken(store, join(folder, 'token'), NOW)
    expect(await makeFirstToken(store, join(folder, 'other'), NOW)).toBe(false)
    await expect(readFile(join(folder, 'other'))).rejects.toThrow('ENOENT')
  })

  it.each([
    ['each with a file of its own', (i: number) => `token-${i}`],
    ['in one folder', () => 'token'],
  ])('is one, however many gateways start at once, %s', async (_, nameOf) => {
    const files = Array.from({ length: 8 }, (_, i) => join(folder, nameOf(i)))
    const made = await Promise.all(files.map((file) => makeFirstToken(store, file, NOW)))
    const tokens = await listTokens(store.db)
    expect(tokens).toHaveLength(1)
    const left = await readdir(folder)
    expect(left).toHaveLength(1)
    const token = (await readFile(join(folder, left[0] ?? ''), 'utf8')).trim()
    expect(await findBearer(store.db, token, NOW.toISOString())).toMatchObject({ tokenId: tokens[0]?.id, user: { admin: true } })
    expect(made).toContain(true)
  })

  it('is the one that an interrupted start wrote', async () => {
    const file = join(folder, 'token')
    const left = `cmt_${'x'.repeat(43)}`
    await writeFile(file, `${left}\n`)
    expect(await makeFirstToken(store, file, NOW)).toBe(true)
    expect(await findBearer(store.db, left, NOW.toISOString())).toMatchObject({ user: { id: 'admin' } })
  })

  it('replaces a torn one', async () => {
    const file = join(folder, 'token')
    await writeFile(file, 'cmt_to')
    expect(await makeFirstToken(store, file, NOW)).toBe(true)
    const token = (await readFile(file, 'utf8')).trim()
    expect(await findBearer(store.db, token, NOW.toISOString())).not.toBeNull()
  })
})
