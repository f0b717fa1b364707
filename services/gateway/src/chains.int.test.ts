import { type JobId, JobView } from '@crystalmath/contract'
import { findJob, findSubmittable } from '@crystalmath/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Platform, SCRIPT, SILICON, startPlatform } from './testing/platform.ts'

let platform: Platform
beforeAll(async () => {
  platform = await startPlatform()
})
afterAll(() => platform.close())

const post = (body: object) => platform.ask('mike', 'POST', '/v1/jobs', { body })
const create = async (body: object): Promise<JobView> => JobView.parse((await post(body)).json)
const show = async (id: JobId): Promise<JobView> => JobView.parse((await platform.ask('mike', 'GET', `/v1/jobs/${id}`)).json)
const mayBeSent = async ({ id, cluster }: JobView): Promise<boolean> =>
  (await findSubmittable(platform.store, cluster, new Date().toISOString(), 1_000)).some((job) => job.id === id)

const { structure: _, name: _name, ...WITHOUT } = SILICON

describe('a job after another one', () => {
  it('is not sent by a release, nor by a retry, while that one is on its way', async () => {
    const first = await create(SCRIPT)
    const second = await create({ ...SCRIPT, after: first.id })
    expect(second).toMatchObject({ status: 'accepted', waitingFor: { kind: 'PREDECESSOR' } })
    expect(await mayBeSent(first)).toBe(true)
    await platform.ask('mike', 'POST', `/v1/jobs/${second.id}/hold`, { body: {} })
    await platform.ask('mike', 'POST', `/v1/jobs/${second.id}/release`)
    expect(await mayBeSent(second)).toBe(false)
    await platform.ask('mike', 'POST', `/v1/jobs/${second.id}/cancel`)
    await platform.ask('mike', 'POST', `/v1/jobs/${second.id}/retry`, { body: {} })
    expect(await show(second.id)).toMatchObject({ status: 'accepted', attempt: 2, waitingFor: { kind: 'PREDECESSOR' } })
    expect(await mayBeSent(second)).toBe(false)
  })

  it('may take its structure from that one; its inputs are checked with what that one began from', async () => {
    const first = await create(SILICON)
    const second = await create({ ...WITHOUT, after: first.id, structureFrom: 'after' })
    expect(second).toMatchObject({ name: 'Si2', waitingFor: { kind: 'PREDECESSOR' } })
    expect((await findJob(platform.store, second.id))?.structureHash).toBeNull()
    const third = await create({ ...WITHOUT, after: second.id, structureFrom: 'after' })
    expect(third.name).toBe('Si2')
    const wrong = await post({ ...WITHOUT, parameters: { calculation: 'scff' }, after: first.id, structureFrom: 'after' })
    expect(wrong.status).toBe(422)
    await platform.ask('mike', 'POST', `/v1/jobs/${second.id}/cancel`)
    const retried = await platform.ask('mike', 'POST', `/v1/jobs/${second.id}/retry`, { body: {} })
    expect(retried.json).toMatchObject({ status: 'accepted', attempt: 2, waitingFor: { kind: 'PREDECESSOR' } })
  })

  it.each([
    [{ ...WITHOUT, structureFrom: 'after' }, 'needs a job to take the structure from'],
    [{ ...SILICON, structureFrom: 'after', after: 'ID' }, 'stands beside a structure of its own'],
    [{ ...WITHOUT, structureFrom: 'after', after: 'SCRIPT' }, 'has no structure to hand over'],
  ])('is refused where there is no structure to take (%#)', async (body: object, message) => {
    const [silicon, script] = [await create(SILICON), await create(SCRIPT)]
    const ids: Record<string, string> = { ID: silicon.id, SCRIPT: script.id }
    const after = 'after' in body ? { after: ids[String(body.after)] } : {}
    const { status, json } = await post({ ...body, ...after })
    expect(status).toBe(422)
    expect(json['errors']).toContainEqual(
      expect.objectContaining({ path: 'structureFrom', message: expect.stringContaining(message) }),
    )
  })
})
