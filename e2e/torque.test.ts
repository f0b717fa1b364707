import { isOver, type JobView } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage, scriptJob } from './src/index.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ name: 'torque', scheduler: 'torque', environment: process.env })
}, 240_000)
afterAll(() => stage?.close())

async function untilAll(ids: readonly JobView['id'][], isSo: (job: JobView) => boolean): Promise<readonly JobView[]> {
  let jobs: readonly JobView[] = []
  const look = async () => {
    jobs = await Promise.all(ids.map((id) => stage.client.job(id)))
    return jobs.every(isSo)
  }
  await waitUntil(look, { timeoutMs: 90_000, onTimeout: () => JSON.stringify(jobs) })
  return jobs
}

/** The dialect of Torque over the test bed's Slurm, by the wrappers that Slurm's authors wrote for people who come from Torque. */
describe('qsub and qstat, as Slurm speaks them', () => {
  it('run a job to its result, tell one that fails, and cancel what runs', async () => {
    const { client } = stage
    const recovery = { strategy: 'FAIL_FAST' } as const
    const { jobs: made } = await client.submitMany([
      scriptJob(stage, 'echo fine\n'),
      scriptJob(stage, 'exit 3\n', { recovery }),
      scriptJob(stage, 'sleep 200\n', { recovery }),
    ])
    const [good, bad, long] = made.map(({ id }) => id)
    if (good === undefined || bad === undefined || long === undefined) throw new TypeError('three jobs were made')
    await untilAll([long], ({ status }) => status === 'running')
    await client.cancel(long)
    const [first, second, third] = await untilAll([good, bad, long], ({ status }) => isOver(status))
    expect(first).toMatchObject({ status: 'completed', nativeId: expect.stringMatching(/^\d+$/) })
    expect(new TextDecoder().decode(await client.file(good, 'script.out'))).toBe('fine\n')
    expect(second).toMatchObject({ status: 'failed', ending: 'FAILED', exitCode: 3 })
    expect(third?.status).toBe('cancelled')
  })
})
