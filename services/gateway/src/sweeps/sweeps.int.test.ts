import { type JobId, JobView, NativeId } from '@crystalmath/contract'
import { findSubmittable, tell } from '@crystalmath/store'
import { waitUntil } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Platform, SCRIPT, startPlatform } from '../testing/platform.ts'

let platform: Platform
beforeAll(async () => {
  platform = await startPlatform()
})
afterAll(() => platform.close())

const create = async (more: object = {}): Promise<JobView> => {
  const { json } = await platform.ask('mike', 'POST', '/v1/jobs', { body: { ...SCRIPT, ...more } })
  return JobView.parse(json)
}
const show = async (id: JobId): Promise<JobView> => JobView.parse((await platform.ask('mike', 'GET', `/v1/jobs/${id}`)).json)
const at = () => new Date().toISOString()
const mayBeSent = async ({ id, cluster }: JobView): Promise<boolean> =>
  (await findSubmittable(platform.store, cluster, at(), 1_000)).some((job) => job.id === id)

/** Runs a job to a good end without a cluster. */
async function complete(id: JobId): Promise<void> {
  const evidence = { source: 'sentinel', at: at(), clock: 'cluster', said: 'end' } as const
  const answer = { kind: 'submitted', nativeId: NativeId.parse('1') } as const
  const { store } = platform
  await tell(store, id, { type: 'StartSubmission', at: at(), attempt: 1, nonce: 'a', keep: [], parse: '.' })
  await tell(store, id, { type: 'RecordAnswer', at: at(), attempt: 1, tryNumber: 1, answer, evidence, nextActionAt: at() })
  const end = { ending: 'COMPLETED', exitCode: 0, provedBy: 'sentinel', evidence, startedAt: null, observedAt: at() } as const
  await tell(store, id, {
    type: 'RecordJudgement',
    at: at(),
    attempt: 1,
    judgement: { kind: 'ended', nativeId: answer.nativeId, end },
  })
  await tell(store, id, { type: 'RecordOutputs', at: at(), attempt: 1, files: [], missing: [] })
  const summary = {
    energyEv: null,
    energyKind: null,
    maxForceEvPerAngstrom: null,
    electronicConverged: null,
    ionicConverged: null,
    ionicStepCount: null,
    scfStepCount: null,
    wallSeconds: null,
    coreCount: null,
    formula: null,
  }
  await tell(store, id, { type: 'RecordResult', at: at(), attempt: 1, resultId: `${id}.1`, summary, diagnosis: null })
}

describe('a job after another one', () => {
  it('is sent when that one is completed, and not before', async () => {
    const first = await create()
    const second = await create({ after: first.id })
    expect(second).toMatchObject({ status: 'accepted', waitingFor: { kind: 'PREDECESSOR' } })
    expect(await mayBeSent(first)).toBe(true)
    expect(await mayBeSent(second)).toBe(false)
    await complete(first.id)
    expect((await show(first.id)).status).toBe('completed')
    await waitUntil(async () => mayBeSent(second), { onTimeout: async () => JSON.stringify(await show(second.id)) })
    expect((await show(second.id)).waitingFor).toBeNull()
  })

  it('is not sent by a release, nor by a retry, while that one is on its way', async () => {
    const first = await create()
    const second = await create({ after: first.id })
    await platform.ask('mike', 'POST', `/v1/jobs/${second.id}/hold`, { body: {} })
    await platform.ask('mike', 'POST', `/v1/jobs/${second.id}/release`)
    expect(await mayBeSent(second)).toBe(false)
    await platform.ask('mike', 'POST', `/v1/jobs/${second.id}/cancel`)
    await platform.ask('mike', 'POST', `/v1/jobs/${second.id}/retry`, { body: {} })
    expect(await show(second.id)).toMatchObject({ status: 'accepted', attempt: 2, waitingFor: { kind: 'PREDECESSOR' } })
    expect(await mayBeSent(second)).toBe(false)
  })

  it('waits and says so when that one is cancelled, since it may be retried', async () => {
    const first = await create()
    const second = await create({ after: first.id })
    await platform.ask('mike', 'POST', `/v1/jobs/${first.id}/cancel`)
    const because = `job ${first.id} is cancelled; retry that one, or cancel this one`
    await waitUntil(async () => (await show(second.id)).waitingFor?.because === because)
    expect(await mayBeSent(second)).toBe(false)
  })
})

describe('a hold with an end', () => {
  it('is released at its end', async () => {
    const job = await create()
    const until = new Date(Date.now() + 300).toISOString()
    await platform.ask('mike', 'POST', `/v1/jobs/${job.id}/hold`, { body: { until } })
    expect(await mayBeSent(job)).toBe(false)
    await waitUntil(() => mayBeSent(job))
    expect(await show(job.id)).toMatchObject({ held: false })
  })

  it('stays as long as another hold does', async () => {
    const job = await create()
    await platform.ask('mike', 'POST', `/v1/jobs/${job.id}/hold`, { body: { until: new Date(Date.now() - 1_000).toISOString() } })
    const lasting = await platform.ask('mike', 'POST', `/v1/jobs/${job.id}/hold`, { body: { reason: 'lasting' } })
    const before = JobView.parse(lasting.json)
    await tell(platform.store, job.id, { type: 'Release', at: at(), by: 'a late sweep', onlyExpired: true })
    expect((await show(job.id)).holds.map(({ reason }) => reason)).toContain('lasting')
    expect(before.held).toBe(true)
  })
})
