import { isOver, type JobView } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { patiently } from './src/campaign.ts'
import { kill } from './src/kills.ts'
import { judgeLedger, ledgerScript, readLedger } from './src/ledger.ts'
import { openStage, type Stage, scriptJob } from './src/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ name: 'localq', scheduler: 'local', environment: process.env })
}, 120_000)
afterAll(async () => {
  await stage?.close()
})

type Ids = readonly { readonly id: JobView['id'] }[]
const show = (made: Ids) => patiently(() => Promise.all(made.map(({ id }) => stage.client.job(id))), 60)
const until = async (made: Ids, isSo: (jobs: readonly JobView[]) => boolean): Promise<readonly JobView[]> => {
  let last: readonly JobView[] = []
  await waitUntil(
    async () => {
      last = await show(made)
      return isSo(last)
    },
    { timeoutMs: 150_000, onTimeout: () => JSON.stringify(last.map(({ status, waitingFor }) => ({ status, waitingFor }))) },
  )
  return last
}
const allOver = (jobs: readonly JobView[]) => jobs.every(({ status }) => isOver(status))
const FINE = { doubled: [], lost: [], falseEnds: [] }

describe('the queue of a machine without a batch system', () => {
  it('runs every job once and to its end, though every service is killed in between, twice', async () => {
    const { jobs: made } = await stage.client.submitMany(Array.from({ length: 8 }, () => scriptJob(stage, ledgerScript(2))))
    await until(made, (jobs) => jobs.some(({ status }) => status === 'running' || isOver(status)))
    await kill(stage, 'services')
    await until(made, (jobs) => jobs.some(({ status }) => isOver(status)))
    await kill(stage, 'services')
    expect(judgeLedger(await until(made, allOver), await readLedger(stage.site))).toEqual(FINE)
  }, 300_000)

  it('cancels what waits and what runs, and neither runs afterwards', async () => {
    const { jobs: made } = await stage.client.submitMany(Array.from({ length: 6 }, () => scriptJob(stage, ledgerScript(60))))
    await until(
      made,
      (jobs) => jobs.some(({ status }) => status === 'running') && jobs.some(({ status }) => status === 'pending'),
    )
    await Promise.all(made.map(({ id }) => stage.client.cancel(id)))
    const jobs = await until(made, allOver)
    expect(jobs.map(({ status }) => status)).toEqual(made.map(() => 'cancelled'))
    const ids = new Set<string>(made.map(({ id }) => id))
    const lines = (await readLedger(stage.site)).filter(({ job }) => ids.has(job))
    expect(lines.filter(({ what }) => what === 'end')).toEqual([])
  }, 200_000)

  it('tells a job that reached its wall clock from one that failed', async () => {
    const recovery = { strategy: 'FAIL_FAST' } as const
    const { jobs: made } = await stage.client.submitMany([
      scriptJob(stage, 'sleep 200\n', { resources: { walltimeSeconds: 60 }, recovery }),
      scriptJob(stage, 'exit 3\n', { recovery }),
    ])
    const [slow, bad] = await until(made, allOver)
    expect(slow).toMatchObject({ status: 'failed', ending: 'TIMEOUT', diagnosis: 'OUT_OF_WALLTIME' })
    expect(bad).toMatchObject({ status: 'failed', ending: 'FAILED', exitCode: 3 })
  }, 200_000)
})
