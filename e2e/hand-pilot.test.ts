import { dirname } from 'node:path'
import { isOver, type JobView } from '@crystalmath/contract'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judgeLedger, ledgerScript, readLedger } from './src/ledger.ts'
import { openStage, type Stage, scriptJob } from './src/stage.ts'

let stage: Stage
beforeAll(async () => {
  // one place in the queue, which a person takes: what runs then, his allocation runs
  stage = await openStage({ name: 'byhand', site: { maxSubmitJobs: 1 }, environment: process.env })
}, 240_000)
afterAll(() => stage?.close())

async function post(seconds: readonly number[], series: string) {
  const resources = { walltimeSeconds: 60, memoryMebibytes: 64 }
  const requests = seconds.map((each) => scriptJob(stage, ledgerScript(each), { resources, labels: { series } }))
  return (await stage.client.submitMany(requests)).jobs.map(({ id }) => id)
}
const all = (ids: readonly string[]) => Promise.all(ids.map((id) => stage.client.job(id)))
const until = (what: string, ask: () => Promise<boolean>) =>
  waitUntil(ask, { timeoutMs: 120_000, everyMs: 300, onTimeout: `${what} did not come` })

/** An allocation as people make them: it waits for the file `line`, and runs what is in there. */
async function allocate(secondsAfterwards = 2): Promise<string> {
  const wait = `rm -f line; while [ ! -e line ]; do sleep 0.2; done; sh ./line; echo $? >ended; sleep ${secondsAfterwards}`
  const { stdout } = await stage.site.login(
    `rm -f line ended; sbatch --parsable --job-name mine --cpus-per-task 2 --time 5 --wrap '${wait}'`,
  )
  const id = stdout.trim()
  expect(id).toMatch(/^\d+$/)
  return id
}
async function makePilot(series: string, maxJobs?: number) {
  const { client, cluster, project } = stage
  const asked = { cluster, project, labels: { series }, ...(maxJobs === undefined ? {} : { maxJobs }) }
  const { id } = await client.createPilot(asked)
  await until('the script of the pilot', async () => (await client.pilot(id)).sight.state === 'ready')
  return await client.pilot(id)
}
const start = (line: string) => stage.site.login(`printf '%s\\n' 'exec ${line}' >line.new && mv line.new line`)
const nameOf = async (id: string) => (await stage.site.login(`squeue -h -j ${id} -o %j`)).stdout.trim()
const isFull = async (ids: readonly string[]) => (await all(ids)).some(({ waitingFor }) => waitingFor?.kind === 'QUOTA')

describe('a pilot in an allocation that a person made', () => {
  it('runs jobs there once each, so many at most, and leaves the allocation as it was', async () => {
    const { client, site } = stage
    const id = await allocate()
    const ids = await post([1, 1, 1, 1, 1, 1], 'first')
    await until('the refusal of the queue', () => isFull(ids))
    const pilot = await makePilot('first', 4)
    expect(pilot).toMatchObject({ waiting: 6, member: { ranks: 1, walltimeSeconds: 60 } })
    await start(`sh ${pilot.script}`)
    await until('the name of the pilot', async () => (await nameOf(id)) === `${pilot.id}.1`)
    await until('the end of the pilot', async () => (await client.pilot(pilot.id)).sight.state === 'over')
    const ran = (await all(ids)).filter(({ nativeId }) => nativeId === id)
    expect(ran.map(({ batch }) => batch?.into)).toEqual([pilot.id, pilot.id, pilot.id, pilot.id])
    // once the allocation is over, its place is free, and the others go as ever
    await until('all of them', async () => (await all(ids)).every(({ status }) => isOver(status)))
    const jobs = await all(ids)
    expect(jobs.map(({ status, attempt }) => `${status} ${attempt}`)).toEqual(ids.map(() => 'completed 1'))
    expect(judgeLedger(jobs, await readLedger(site))).toEqual({ doubled: [], lost: [], falseEnds: [] })
    expect((await site.login(`cat ended; sacct -X -n -P -j ${id} -o JobName,State`)).stdout).toMatch(/^0\nmine\|COMPLETED/)
  }, 300_000)

  it('stopped while members run: those go on in their next attempt, the others elsewhere, none is lost', async () => {
    const { client, site } = stage
    const id = await allocate()
    const ids = await post([12, 12, 12, 12], 'second')
    await until('the refusal of the queue', () => isFull(ids))
    const pilot = await makePilot('second')
    await start(`sh ${pilot.script}`)
    await until('two that run', async () => (await all(ids)).filter(({ status }) => status === 'running').length === 2)
    await site.login(`pkill -TERM -f ${pilot.id}/pilot.sh`)
    await until('the end of the pilot', async () => (await client.pilot(pilot.id)).sight.state === 'over')
    await until('the end of the allocation', async () => (await nameOf(id)) === '')
    await until('all of them', async () => (await all(ids)).every(({ status }) => isOver(status)))
    const jobs: readonly JobView[] = await all(ids)
    const ends = jobs.map(({ status, attempt }) => `${status} ${attempt}`)
    expect(ends.toSorted()).toEqual(['completed 1', 'completed 1', 'completed 2', 'completed 2'])
    expect(judgeLedger(jobs, await readLedger(site), new Set(ids))).toMatchObject({ doubled: [], lost: [] })
  }, 300_000)

  it('killed without a word in an allocation that goes on: those that it had not begun come back before that ends', async () => {
    const { client, site } = stage
    const id = await allocate(240)
    const ids = await post([5, 5, 5, 5], 'third')
    await until('the refusal of the queue', () => isFull(ids))
    const pilot = await makePilot('third')
    await start(`sh ${pilot.script}`)
    const bound = async () => (await all(ids)).filter(({ batch }) => batch?.into === pilot.id)
    await until('two that run', async () => (await all(ids)).filter(({ status }) => status === 'running').length === 2)
    await until('the others to be fed', async () => (await bound()).length === 4)
    // the three minutes of silence are made by the clock of its file; in brackets, for the shell that says it is not meant
    await site.login(`pkill -KILL -f '${pilot.id}/[p]ilot.sh'; touch -d '-10 minutes' ${dirname(pilot.script)}/beat`)
    await until('the end of the pilot', async () => (await client.pilot(pilot.id)).sight.state === 'over')
    await until('those that were not begun', async () => (await bound()).length === 2)
    expect(await nameOf(id)).not.toBe('')
    await site.login(`scancel ${id}`)
    await until('all of them', async () => (await all(ids)).every(({ status }) => isOver(status)))
    expect(judgeLedger(await all(ids), await readLedger(site))).toEqual({ doubled: [], lost: [], falseEnds: [] })
  }, 300_000)
})
