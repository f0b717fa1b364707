import { isOver } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { kill } from './src/kills.ts'
import { judgeLedger, ledgerScript, readLedger } from './src/ledger.ts'
import { openStage, type Stage, scriptJob } from './src/stage.ts'

type Wrapper = Awaited<ReturnType<Stage['site']['wrap']>>

let stage: Stage
let wrapper: Wrapper | null = null
beforeAll(async () => {
  stage = await openStage({ name: 'subkill', environment: process.env })
}, 120_000)
afterEach(async () => {
  await wrapper?.remove()
  wrapper = null
})
afterAll(async () => {
  await stage?.close()
})

const post = async (count: number) =>
  (await stage.client.submitMany(Array.from({ length: count }, () => scriptJob(stage, ledgerScript(1))))).jobs.map(({ id }) => id)
const all = (ids: readonly string[]) => Promise.all(ids.map((id) => stage.client.job(id)))

/** Every job ran once and to its end, by the ledger of the runs. */
async function expectOnce(ids: readonly string[]): Promise<void> {
  const jobs = await waitUntil(
    async () => {
      const now = await all(ids)
      return now.every(({ status }) => isOver(status)) ? now : null
    },
    { timeoutMs: 120_000, everyMs: 200, onTimeout: 'not all are over' },
  )
  expect(judgeLedger(jobs ?? [], await readLedger(stage.site))).toEqual({ doubled: [], lost: [], falseEnds: [] })
}

describe('kill -9 of the submitter', () => {
  it('after the intent is stored: the claim is made by the next one, once', async () => {
    const ids = await post(5)
    await waitUntil(async () => (await all(ids)).some(({ status }) => status !== 'accepted'), {
      everyMs: 5,
      onTimeout: 'nothing was submitted',
    })
    await kill(stage, 'submitter')
    await expectOnce(ids)
  }, 180_000)

  it('after the claim, while sbatch has not begun', async () => {
    wrapper = await stage.site.wrap('sbatch', { delaySeconds: 3 })
    const ids = await post(3)
    const calls = wrapper.calls
    await waitUntil(async () => (await calls()).length > 0, { timeoutMs: 20_000, onTimeout: 'sbatch was not called' })
    await kill(stage, 'submitter')
    await expectOnce(ids)
  }, 180_000)

  it('after sbatch has queued the job, before its id is written', async () => {
    wrapper = await stage.site.wrap('sbatch', { holdAnswerSeconds: 3 })
    const ids = await post(3)
    const calls = wrapper.calls
    await waitUntil(async () => (await calls()).length > 0, { timeoutMs: 20_000, onTimeout: 'sbatch was not called' })
    await waitUntil(
      async () => (await stage.site.admin(['squeue', '-h', '-t', 'all', '-o', '%j'])).stdout.includes(ids[0] ?? '-'),
      {
        timeoutMs: 20_000,
        onTimeout: 'the job is not in the queue',
      },
    )
    await kill(stage, 'submitter')
    await expectOnce(ids)
  }, 180_000)
})
