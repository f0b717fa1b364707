import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findMongod, findNatsServer } from './find-binary.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'crystalmath-find-'))
  vi.stubEnv('CRYSTALMATH_MONGOD', '')
  vi.stubEnv('CRYSTALMATH_NATS_SERVER', '')
  vi.stubEnv('XDG_CACHE_HOME', join(dir, 'cache'))
  vi.stubEnv('PATH', join(dir, 'path'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(dir, { recursive: true })
})

async function executable(...path: readonly string[]): Promise<string> {
  const file = join(dir, ...path)
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, '#!/bin/sh\n')
  await chmod(file, 0o755)
  return file
}

describe('a server program', () => {
  it('is what the environment names, before all else', async () => {
    await executable('path', 'nats-server')
    const named = await executable('mine')
    vi.stubEnv('CRYSTALMATH_NATS_SERVER', named)
    expect(await findNatsServer()).toBe(named)
  })

  it('is taken from the PATH before the cache', async () => {
    const cached = await executable('cache', 'crystalmath', 'bin', 'mongod')
    expect(await findMongod()).toBe(cached)
    const onPath = await executable('path', 'mongod')
    expect(await findMongod()).toBe(onPath)
  })

  it('is not replaced by another when the one that is named cannot be run', async () => {
    await executable('path', 'mongod')
    vi.stubEnv('CRYSTALMATH_MONGOD', '/nowhere/mongod')
    await expect(findMongod()).rejects.toThrow('CRYSTALMATH_MONGOD names "/nowhere/mongod", which is no executable file')
  })
})
