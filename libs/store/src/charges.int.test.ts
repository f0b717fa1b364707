import { CampaignId, ClusterName, JobId, JobRequest, ProjectId, tokenOf, UserId } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import { testDatabase } from '@crystalmath/testing'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeProject, createProject } from './access/index.ts'
import { campaignsOf } from './campaigns/index.ts'
import { findOpenCharges, findSpent, saveCharges, settleCharges, sumChargesBy, sumChargesOfCampaign } from './charges.ts'
import { createJobs, findJob, tell } from './jobs.ts'
import { openStore, type Store } from './open.ts'
import { findReserved, findShares } from './shares.ts'
import { findInFlight, findSubmittable } from './work.ts'

const AT = '2026-11-21T10:00:00.000Z'
const cluster = ClusterName.parse('alps')
const campaignId = CampaignId.parse('0f6a4be3-93f0-5a0e-8a58-6b1c2f7d1e94')
const [rich, poor] = ['rich', 'poor'].map((id) => ProjectId.parse(id)) as [ProjectId, ProjectId]
let store: Store
let database: ReturnType<typeof testDatabase>

beforeAll(async () => {
  database = testDatabase('charges')
  store = await openStore({ url: database.url, database: database.name, source: '/crystalmath/test' })
  for (const id of [rich, poor])
    await createProject(store.db, { id, title: id, createdAt: AT, members: [], weight: 1, budgetCoreHours: null })
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

async function makeJob(projectId: ProjectId, user: string, more: { ranks?: number; priority?: number } = {}): Promise<Job> {
  const { structure: _, ...request } = JobRequest.parse({
    ...{ project: projectId, cluster, code: 'script', priority: more.priority ?? 0 },
    resources: { ranks: more.ranks ?? 4, walltimeSeconds: 3_600 },
  })
  const id = JobId.parse(uuidv7())
  const facts = { id, projectId, userId: UserId.parse(user), campaignId, cluster, code: 'script', name: 'one' } as const
  await createJobs(store, [{ type: 'PostJob', at: AT, posted: { ...facts, request, structureHash: null } }])
  const job = await findJob(store, id)
  if (job === null) throw new TypeError('it was made just now')
  return job
}

describe('charges', () => {
  it('count once, are settled once, and add up by project, user and campaign', async () => {
    const [one, two] = [await makeJob(rich, 'ada'), await makeJob(rich, 'bob')]
    const charge = (job: Job, coreHours: number) => saveCharges(store, [{ job, coreHours }], { at: AT, isFinal: false })
    await charge(one, 2)
    await charge(one, 99) // the poller again, after a crash
    await charge(two, 3)
    const spent = async () => (await findSpent(store, [rich], AT)).get(rich)
    expect(await spent()).toBe(5)
    const token = tokenOf(one.id, one.attempt)
    expect((await findOpenCharges(store, cluster, AT, 10)).map((open) => open.token)).toContain(token)
    await settleCharges(store, [{ token, coreHours: 4 }], AT)
    await settleCharges(store, [{ token, coreHours: 400 }], AT)
    expect(await spent()).toBe(7)
    expect(await sumChargesBy(store.db, rich, 'userId', 10)).toEqual([
      { key: 'ada', coreHours: 4, attempts: 1 },
      { key: 'bob', coreHours: 3, attempts: 1 },
    ])
    expect(await sumChargesOfCampaign(store.db, campaignId)).toBe(7)
  })

  it('are summed up to a moment, and none is lost or counted twice by that', async () => {
    const project = ProjectId.parse('busy')
    const at = (minutes: number) => new Date(Date.parse(AT) + minutes * 60_000).toISOString()
    const insert = (count: number, settledAt: string | null) =>
      store.db.collection('charges').insertMany(
        Array.from({ length: count }, () => ({
          ...{ _id: `${uuidv7()}.1` as never, projectId: project, userId: 'ada', campaignId: null, cluster: 'elsewhere' },
          ...{ coreHours: 1, chargedAt: at(0), settledAt },
        })),
      )
    const spent = async (minutes: number) => (await findSpent(store, [project], at(minutes))).get(project)
    await insert(5_100, at(0))
    await insert(10, null)
    expect(await spent(5)).toBe(5_110) // nothing is old enough
    expect(await spent(30)).toBe(5_110)
    expect(await store.db.collection('charge-totals').findOne({ _id: project as never })).toMatchObject({ coreHours: 5_100 })
    await insert(7, at(25))
    expect(await spent(31)).toBe(5_117)
    expect(await spent(31)).toBe(5_117)
  })
})

describe('what projects may have', () => {
  it('is their budget without what is spent and what is reserved on any cluster', async () => {
    await changeProject(store.db, poor, { budgetCoreHours: 10, weight: 2 })
    const job = await makeJob(poor, 'ada')
    const left = async () => (await findShares(store, [poor], AT)).get(poor)
    expect(await left()).toEqual({ weight: 2, coreHoursLeft: 10 })
    await tell(store, job.id, { type: 'StartSubmission', at: AT, attempt: 1, nonce: 'n', keep: [], parse: '.' })
    expect((await findReserved(store, [poor])).get(poor)).toBe(4)
    expect(await left()).toMatchObject({ coreHoursLeft: 6 })
    expect(await findInFlight(store, cluster)).toEqual({ jobs: 1, ofAccount: 1, coresByProject: new Map([[poor, 4]]) })
  })

  it('sends nothing of a campaign that is held, beside jobs of no campaign', async () => {
    const held = { by: 'ada', at: AT, reason: 'wrong basis' }
    await campaignsOf(store.db).insertOne({ _id: campaignId, cluster, state: 'open', held, maxInFlight: null } as never)
    const { id } = await makeJob(poor, 'bob')
    await store.db.collection('jobs').updateOne({ _id: id as never }, { $set: { campaignId: null } })
    expect((await findSubmittable(store, cluster, AT, 50)).map((job) => job.id)).toEqual([id])
    await campaignsOf(store.db).deleteOne({ _id: campaignId })
    await store.db.collection('jobs').deleteOne({ _id: id as never })
  })

  it('lists the first jobs of each of them, however many another one has waiting', async () => {
    const urgent = await makeJob(rich, 'ada', { priority: 9 })
    const only = await makeJob(poor, 'bob')
    const ready = await findSubmittable(store, cluster, AT, 2)
    expect(ready.filter(({ projectId }) => projectId === poor).map(({ id }) => id)).toEqual([only.id])
    const ofRich = ready.filter(({ projectId }) => projectId === rich)
    expect(ofRich).toHaveLength(2)
    expect(ofRich[0]?.id).toBe(urgent.id)
  })
})
