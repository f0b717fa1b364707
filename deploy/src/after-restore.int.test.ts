import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { testDatabase } from '@crystalmath/testing'
import { expect, it } from 'vitest'
import { variables } from './config.ts'

it('raises the epoch of an installation each time it is run, and no other name', async () => {
  const { url, name, drop } = testDatabase('restored')
  const env = { ...variables(), MONGODB_URL: url, MONGODB_DATABASE: name, MONGODB_URL_FILE: undefined }
  const run = () => execFileSync(process.execPath, [join(import.meta.dirname, 'after-restore.ts')], { env, encoding: 'utf8' })
  const [, installation, first] = /^installation (\S+) is now of epoch (\d+); start the services\n$/.exec(run()) ?? []
  expect(first).toBe('2')
  expect(run()).toBe(`installation ${installation} is now of epoch 3; start the services\n`)
  await drop()
})
