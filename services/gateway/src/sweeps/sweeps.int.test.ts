import { type JobId, JobView } from '@crystalmath/contract'
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
