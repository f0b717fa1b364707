import { setTimeout as pause } from 'node:timers/promises'
import { isOver } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomFrom } from './src/kills.ts'
import { ledgerScript, readLedger } from './src/ledger.ts'
import { openStage, type Stage, scriptJob } from './src/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ name: 'cancel', environment: process.env })
}, 120_000)
afterAll(async () => {
  await stage?.close()
})

describe('a job that is cancelled at any moment of its life', () => {
  it('is cancelled or it finished, by our word, by accounting and by the ledger alike, and never runs afterwards', async () => {
    const random = randomFrom(42)
    const { client, site } = stage
    const { jobs: made } = await client.submitMany(
      Array.from({ length: 30 }, () => scriptJob(stage, ledgerScript(2), { packing: 'single' })),
    )
    await Promise.all(
      made.map(async ({ id }) => {
        await pause(random() * 9_000)
        await client.cancel(id).catch(() => undefined) // it may be over already: then there is nothing to cancel
      }),
    )
    const jobs = await waitUntil(
      async () => {
        const all = await Promise.all(made.map(({ id }) => client.job(id)))
        return all.every(({ status }) => isOver(status)) ? all : null
      },
      { timeoutMs: 90_000, onTimeout: () => 'not all are over' },
    )
    const quiet = await readLedger(site)
    await pause(6_000)
    const ledger = await readLedger(site)
    expect(ledger, 'nothing runs after it is over').toEqual(quiet)
    const { stdout: queue } = await site.admin(['squeue', '-h', '-o', '%j %T'])
    expect(queue).toBe('')

    for (const { id, status, provedBy, exitCode, evidence } of jobs ?? []) {
      const ended = ledger.some((line) => line.job === id && line.what === 'end')
      expect(['completed', 'cancelled']).toContain(status)
      if (status === 'completed') expect([id, ended, provedBy, exitCode]).toEqual([id, true, 'sentinel', 0])
      // between the last word of the program and that of its job there is a moment in which the job is told to end
      else if (ended) expect([id, exitCode], evidence.said).toEqual([id, 143])
    }
    const { stdout: accounts } = await site.admin(['sacct', '-X', '-n', '-P', '-a', '-o', 'JobName,State', '-S', 'now-1hours'])
    for (const line of accounts.split('\n').filter((one) => one !== '')) {
      const [name = '', state = ''] = line.split('|')
      const job = jobs?.find(({ id }) => name.startsWith(id))
      if (job === undefined) continue
      // the run's own good end counts, also where scancel came before the scheduler had heard of it
      if (/^COMPLETED/.test(state)) expect([name, job.status]).toEqual([name, 'completed'])
      else expect([name, job.status === 'cancelled' || (job.provedBy === 'sentinel' && job.exitCode === 0)]).toEqual([name, true])
    }
  }, 180_000)
})
