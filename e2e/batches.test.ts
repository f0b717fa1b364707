import { isOver } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kill } from './src/kills.ts'
import { judgeLedger, ledgerScript, readLedger } from './src/ledger.ts'
import { openStage, type Stage, scriptJob } from './src/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ name: 'arrays', environment: process.env })
}, 120_000)
afterAll(async () => {
  await stage?.close()
})

/** The last one would run for a minute. */
const post = async (count: number, seconds: number, packing: 'array' | 'pilot') => {
  const requests = Array.from({ length: count }, (_, index) =>
    scriptJob(stage, ledgerScript(index === count - 1 ? 60 : seconds), { packing }),
  )
  return (await stage.client.submitMany(requests)).jobs.map(({ id }) => id)
}
const all = (ids: readonly string[]) => Promise.all(ids.map((id) => stage.client.job(id)))
const areOver = async (ids: readonly string[]) => {
  const jobs = await waitUntil(
    async () => {
      const now = await all(ids)
      return now.every(({ status }) => isOver(status)) ? now : null
    },
    { timeoutMs: 150_000, everyMs: 200, onTimeout: 'not all are over' },
  )
  return jobs ?? []
}

describe('a pilot that lives', () => {
  it('is fed with what comes later, once each, by whichever submitter lives, and one submission suffices', async () => {
    const wrapper = await stage.site.wrap('sbatch')
    const postShort = async (seconds: readonly number[]) => {
      const resources = { walltimeSeconds: 60, memoryMebibytes: 64 }
      const requests = seconds.map((each) => scriptJob(stage, ledgerScript(each), { packing: 'pilot', resources }))
      return (await stage.client.submitMany(requests)).jobs.map(({ id }) => id)
    }
    const first = await postShort([20, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    await waitUntil(async () => (await all(first)).filter(({ status }) => isOver(status)).length >= 8, {
      timeoutMs: 60_000,
      everyMs: 200,
      onTimeout: 'the first members do not run',
    })
    const later = await postShort([1, 1, 1, 1, 1, 1])
    await waitUntil(async () => (await all(later)).some(({ status }) => status !== 'accepted'), { everyMs: 5 })
    await kill(stage, 'submitter')
    const jobs = await areOver([...first, ...later])
    expect(judgeLedger(jobs, await readLedger(stage.site))).toEqual({ doubled: [], lost: [], falseEnds: [] })
    expect(new Set(jobs.map(({ nativeId }) => nativeId)).size).toBe(1)
    expect(await wrapper.calls()).toHaveLength(1)
    await wrapper.remove()
  }, 200_000)
})

describe.each([
  ['an array', 'array'],
  ['a pilot', 'pilot'],
] as const)('%s of 20 jobs', (_, packing) => {
  it('runs each once and lets one be cancelled, with the submitter killed once its intents are stored', async () => {
    const wrapper = await stage.site.wrap('sbatch')
    const ids = await post(20, 1, packing)
    await waitUntil(async () => (await all(ids)).some(({ status }) => status !== 'accepted'), {
      everyMs: 5,
      onTimeout: 'nothing was submitted',
    })
    await kill(stage, 'submitter')
    const [victim = ''] = ids.slice(-1)
    await waitUntil(async () => ['pending', 'running'].includes((await stage.client.job(victim)).status), {
      timeoutMs: 60_000,
      everyMs: 100,
      onTimeout: 'the last member is not in the queue',
    })
    await stage.client.cancel(victim)
    const jobs = await areOver(ids)
    expect(jobs.find(({ id }) => id === victim)?.status).toBe('cancelled')
    const others = jobs.filter(({ id }) => id !== victim)
    expect(judgeLedger(others, await readLedger(stage.site))).toEqual({ doubled: [], lost: [], falseEnds: [] })
    const submissions = new Set(others.map(({ nativeId }) => nativeId?.replace(/_.*/, '')))
    expect(await wrapper.calls()).toHaveLength(submissions.size)
    expect(submissions.size).toBeLessThan(5)
    await wrapper.remove()
  }, 200_000)
})
