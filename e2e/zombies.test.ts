import { setTimeout as pause } from 'node:timers/promises'
import { isOver } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judgeLedger, ledgerScript, readLedger } from './src/ledger.ts'
import { openStage, type Stage, scriptJob, standing, TWO_OF_EACH } from './src/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({
    name: 'zombies',
    environment: process.env,
    replicas: TWO_OF_EACH,
  })
}, 120_000)
afterAll(async () => {
  await stage?.close()
})

describe('a process that stands still in the middle of everything and then goes on', () => {
  it('does no harm: others take over within a lease, and what it still says is fenced', async () => {
    const { client, platform } = stage
    const { jobs: made } = await client.submitMany(
      Array.from({ length: 40 }, (_, i) => scriptJob(stage, ledgerScript(1 + (i % 3)))),
    )
    const first = standing(platform)
    expect(first.map(({ service }) => service).sort()).toEqual(Object.keys(TWO_OF_EACH).sort())
    await pause(600)
    for (const service of first) service.signal('SIGSTOP')
    await pause(12_000) // twice the lease
    for (const service of first) service.signal('SIGCONT')
    const jobs = await waitUntil(
      async () => {
        const all = await Promise.all(made.map(({ id }) => client.job(id)))
        return all.every(({ status }) => isOver(status)) ? all : null
      },
      { timeoutMs: 120_000, onTimeout: () => 'not all are over' },
    )
    expect(judgeLedger(jobs ?? [], await readLedger(stage.site))).toEqual({ doubled: [], lost: [], falseEnds: [] })
  }, 200_000)
})
