import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { runFailover } from './src/failover.ts'

describe('three NATS servers and three of MongoDB', () => {
  it('lose nothing when those that lead are killed, with a gateway each, while jobs end', async () => {
    const said: string[] = []
    const { doubled, lost, falseEnds, missed, killed, interruptions } = await runFailover({
      name: 'failover',
      jobs: 16,
      endingSeconds: 12,
      limitSeconds: 120,
      environment: process.env,
      say: (line) => said.push(line),
    })
    expect({ doubled, lost, falseEnds, missed }, said.join('\n')).toEqual({ doubled: [], lost: [], falseEnds: [], missed: [] })
    expect(killed).toEqual(['the NATS server that leads the stream', 'gateway 1', 'the primary of MongoDB', 'gateway 2'])
    expect(interruptions).toBeGreaterThanOrEqual(2)
  })

  it('pass the tests of bus and store, as one of each does', async () => {
    const argv = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'integration', 'libs/bus', 'libs/store']
    const env = { ...process.env, CRYSTALMATH_TEST_SERVERS: 'clustered' }
    const cwd = resolve(import.meta.dirname, '..')
    const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd, env, maxBuffer: 64 << 20 })
    expect(stdout).toMatch(/a cluster of three NATS servers and a replica set of three/)
    expect(stdout).toMatch(/\n[1-9]\d* passed, 0 failed/)
  }, 240_000)
})
