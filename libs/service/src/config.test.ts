import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CommonEnv, parseConfig } from './config.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crystalmath-config-'))
  writeFileSync(join(folder, 'url'), 'mongodb://mongo:27017/?replicaSet=a\n')
  writeFileSync(join(folder, 'password'), ' with spaces \n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const nats = { NATS_URL: 'nats://nats:4222' }

describe('the configuration', () => {
  it('takes secrets out of files and leaves their last line break away', () => {
    const config = parseConfig(CommonEnv, {
      ...nats,
      MONGODB_URL_FILE: join(folder, 'url'),
      NATS_PASSWORD_FILE: join(folder, 'password'),
    })
    expect(config).toMatchObject({ MONGODB_URL: 'mongodb://mongo:27017/?replicaSet=a', NATS_PASSWORD: ' with spaces ' })
  })

  it('refuses a secret that is given twice', () => {
    const both = { ...nats, MONGODB_URL: 'mongodb://a', MONGODB_URL_FILE: join(folder, 'url') }
    expect(() => parseConfig(CommonEnv, both)).toThrow('MONGODB_URL and MONGODB_URL_FILE are both set: keep one')
  })

  it('names the secret whose file cannot be read', () => {
    const missing = { ...nats, MONGODB_URL_FILE: join(folder, 'none') }
    expect(() => parseConfig(CommonEnv, missing)).toThrow(/the file of MONGODB_URL cannot be read: ENOENT.*none/)
  })

  it('names every variable that is missing', () => {
    expect(() => parseConfig(CommonEnv, {})).toThrow(/NATS_URL[\s\S]*MONGODB_URL/)
  })
})
