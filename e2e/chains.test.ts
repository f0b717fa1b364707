import { isOver, type JobView } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage, scriptJob } from './src/index.ts'

const LINKS = 6
let stage: Stage
beforeAll(async () => {
  stage = await openStage({ name: 'chains', environment: process.env })
}, 240_000)
afterAll(() => stage?.close())

const all = (ids: readonly string[]): Promise<readonly JobView[]> => Promise.all(ids.map((id) => stage.client.job(id)))

async function untilOver(ids: readonly string[], timeoutMs: number): Promise<readonly JobView[]> {
  const over = async () => (await all(ids)).every(({ status }) => isOver(status))
  await waitUntil(over, { timeoutMs, onTimeout: async () => JSON.stringify(await all(ids)) })
  return all(ids)
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

describe('a chain of jobs on a real Slurm', () => {
  it('sends each job within seconds of the end of the one before', async () => {
    let after: JobView['id'] | undefined
    const ids: string[] = []
    for (let i = 0; i < LINKS; i += 1) {
      const { id } = await stage.client.submit(scriptJob(stage, 'date +%s.%N', after === undefined ? {} : { after }))
      ids.push(id)
      after = id
    }
    const jobs = await untilOver(ids, 120_000)
    expect(jobs.map(({ status }) => status)).toEqual(ids.map(() => 'completed'))
    const lags: number[] = []
    for (const [i, job] of jobs.slice(1).entries()) {
      const before = jobs[i]
      const printed = Number(new TextDecoder().decode(await stage.client.file(before?.id ?? '', 'script.out')))
      lags.push(Date.parse(job.submittedAt ?? '') / 1_000 - printed)
    }
    process.stderr.write(`end of A to submission of B: ${lags.map((lag) => lag.toFixed(2)).join(', ')} s\n`)
    expect(median(lags)).toBeLessThan(5)
  })

  it('fails what follows a failed job, and says why', async () => {
    const first = await stage.client.submit(scriptJob(stage, 'exit 3', { recovery: { strategy: 'FAIL_FAST' } }))
    const second = await stage.client.submit(scriptJob(stage, 'echo never', { after: first.id }))
    const [, job] = await untilOver([first.id, second.id], 90_000)
    expect(job).toMatchObject({ status: 'failed', nativeId: null, verdict: expect.stringContaining(first.id) })
  })
})
