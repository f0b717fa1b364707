import { isOver, type JobView } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kill } from './src/kills.ts'
import { judgeLedger, ledgerScript, readLedger } from './src/ledger.ts'
import { openStage, type Stage, scriptJob } from './src/stage.ts'
import { standInForFlux } from './src/stand-ins/flux.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ name: 'flux', scheduler: 'flux', beforeRegistration: standInForFlux, environment: process.env })
}, 120_000)
afterAll(() => stage?.close())

const all = (ids: readonly string[]) => Promise.all(ids.map((id) => stage.client.job(id)))
const until = async (ids: readonly string[], isSo: (job: JobView) => boolean): Promise<readonly JobView[]> => {
  let jobs: readonly JobView[] = []
  const look = async () => {
    jobs = await all(ids)
    return jobs.every(isSo)
  }
  await waitUntil(look, { timeoutMs: 120_000, everyMs: 200, onTimeout: () => JSON.stringify(jobs) })
  return jobs
}
const post = async (scripts: readonly string[]) => {
  const recovery = { strategy: 'FAIL_FAST' } as const
  return (await stage.client.submitMany(scripts.map((script) => scriptJob(stage, script, { recovery })))).jobs.map(({ id }) => id)
}

/** No Flux is here: a stand-in on the PATH says what its manual pages say, and runs what it is given. */
describe('the adapter for Flux, over a stand-in', () => {
  it('runs twenty jobs once each, with the submitter killed while it sends them', async () => {
    const ids = await post(Array.from({ length: 20 }, () => ledgerScript(1)))
    await waitUntil(async () => (await all(ids)).some(({ status }) => status !== 'accepted'), { everyMs: 5 })
    await kill(stage, 'submitter')
    const jobs = await until(ids, ({ status }) => isOver(status))
    expect(judgeLedger(jobs, await readLedger(stage.site))).toEqual({ doubled: [], lost: [], falseEnds: [] })
    expect(new Set(jobs.map(({ nativeId }) => nativeId)).size).toBe(20)
    for (const { nativeId } of jobs) expect(nativeId).toMatch(/^f[1-9A-HJ-NP-Za-km-z]+$/)
  }, 200_000)

  it('tells what failed, cancels what runs, and holds what waits by urgency 0', async () => {
    const full = Array.from({ length: 16 }, () => 'sleep 300\n')
    const blocking = await post(full)
    await until(blocking, ({ status }) => status === 'running')
    const [held = '', bad = ''] = await post([ledgerScript(0), 'exit 3\n'])
    await until([held, bad], ({ status }) => status === 'pending')
    const [{ nativeId } = { nativeId: null }] = await all([held])
    await stage.client.hold(held, { reason: 'wrong cell' })
    const urgency = async () =>
      (await stage.site.login(`grep -o '"urgency": [0-9]*' ~/.flux-stand-in/${nativeId}.json`)).stdout.trim()
    await waitUntil(async () => (await urgency()) === '"urgency": 0', { timeoutMs: 30_000 })
    for (const id of blocking) await stage.client.cancel(id)
    const cancelled = await until(blocking, ({ status }) => isOver(status))
    expect(new Set(cancelled.map(({ status }) => status))).toEqual(new Set(['cancelled']))
    const [failed] = await until([bad], ({ status }) => isOver(status))
    expect(failed).toMatchObject({ status: 'failed', ending: 'FAILED', exitCode: 3 })
    expect(await all([held])).toMatchObject([{ status: 'pending' }])
    await stage.client.release(held)
    expect(await until([held], ({ status }) => isOver(status))).toMatchObject([{ status: 'completed', attempt: 1 }])
  }, 200_000)
})
