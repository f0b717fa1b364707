import { JobView } from '@crystalmath/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Platform, SCRIPT, SILICON, startPlatform } from './testing/platform.ts'

let platform: Platform
beforeAll(async () => {
  platform = await startPlatform()
})
afterAll(() => platform.close())

const post = async (body: unknown, headers: Record<string, string> = {}, query = '') =>
  platform.ask('mike', 'POST', `/v1/jobs${query}`, { body, headers })

const createOne = async (body: unknown = SCRIPT): Promise<JobView> => JobView.parse((await post(body)).json)

const jobsOf = async (query: string) =>
  (await platform.ask('mike', 'GET', `/v1/jobs?${query}`)).json as { items: JobView[]; next: string | null }

describe('creating jobs', () => {
  it('answers one job with the job', async () => {
    const { status, json, headers } = await post(SILICON)
    const job = JobView.parse(json)
    expect(status).toBe(201)
    expect(headers.get('location')).toBe(`/v1/jobs/${job.id}`)
    expect(job).toMatchObject({ status: 'accepted', user: 'mike', project: 'oxides', name: 'si', attempt: 1, held: false })
  })

  it('names a job after its structure where it has no name', async () => {
    const { name: _, ...nameless } = SILICON
    expect((await createOne(nameless)).name).toBe('Si2')
  })

  it('creates nothing if one of many rows is wrong, and names every wrong row', async () => {
    const label = 'all-or-none'
    const row = { ...SCRIPT, labels: { series: label } }
    const { status, json } = await post([row, { ...row, cluster: 'alp' }, row, { ...row, priority: 'high' }])
    expect(status).toBe(422)
    expect(json).toMatchObject({
      detail: '2 of 4 rows are wrong; nothing was created',
      errors: [
        { row: 1, path: 'cluster', value: 'alp' },
        { row: 3, path: 'priority', value: 'high' },
      ],
    })
    expect((await jobsOf(`label=series=${label}`)).items).toEqual([])
  })

  it('leaves wrong rows out where that was asked for', async () => {
    const { status, json } = await post({ jobs: [SCRIPT, { ...SCRIPT, cluster: 'alp' }, SCRIPT] }, {}, '?skipBad=true')
    expect(status).toBe(201)
    expect(json).toMatchObject({
      accepted: 2,
      jobs: [{ row: 0 }, { row: 2 }],
      skipped: [{ row: 1, errors: [{ path: 'cluster' }] }],
    })
  })

  it('creates nothing in a dry run', async () => {
    const row = { ...SCRIPT, labels: { series: 'dry' } }
    const { status, json } = await post([row], {}, '?dryRun=true')
    expect({ status, json }).toMatchObject({ status: 200, json: { accepted: 1, jobs: [] } })
    expect((await jobsOf('label=series=dry')).items).toEqual([])
  })

  it('warns of what is allowed and odd', async () => {
    const { json } = await post([{ ...SCRIPT, resources: { nodes: 2, ranks: 1 } }], {}, '?dryRun=true')
    expect(json['warnings']).toMatchObject([{ row: 0, path: 'resources.ranks', mend: 'at least 2 ranks' }])
  })

  it('makes 1000 jobs in one call', async () => {
    const rows = Array.from({ length: 1_000 }, (_, i) => ({ ...SILICON, name: `si-${i}`, labels: { series: 'thousand' } }))
    const { status, json } = await post(rows)
    expect(status).toBe(201)
    expect(new Set((json['jobs'] as { id: string }[]).map(({ id }) => id)).size).toBe(1_000)
    expect((await platform.ask('mike', 'GET', '/v1/jobs/counts?label=series=thousand')).json).toEqual({
      total: 1_000,
      byStatus: { accepted: 1_000 },
    })
  })
})

describe('an Idempotency-Key', () => {
  const headers = { 'idempotency-key': 'key-1' }
  const body = { ...SCRIPT, labels: { series: 'once' } }

  it('makes the same request again answer the same, and do nothing', async () => {
    const first = await post(body, headers)
    const second = await post(body, headers)
    expect(second.status).toBe(201)
    expect(second.json).toEqual(first.json)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect((await jobsOf('label=series=once')).items).toHaveLength(1)
  })

  it('refuses another request under the same key', async () => {
    const { status, json } = await post({ ...body, priority: 1 }, headers)
    expect(status).toBe(422)
    expect(json['detail']).toMatch(/"key-1" belongs to another request/)
  })

  it('is free again after a refusal', async () => {
    const key = { 'idempotency-key': 'key-2' }
    expect((await post({ ...body, cluster: 'alp' }, key)).status).toBe(422)
    expect((await post(body, key)).status).toBe(201)
  })

  it('makes nothing twice though its answer was forgotten', async () => {
    const key = { 'idempotency-key': 'key-3' }
    const rows = [body, body, body].map((row) => ({ ...row, labels: { series: 'forgotten' } }))
    const first = await post(rows, key)
    await platform.store.db.collection('idempotency-keys').deleteMany({})
    const second = await post(rows, key)
    expect(second.json['jobs']).toEqual(first.json['jobs'])
    expect((await jobsOf('label=series=forgotten')).items).toHaveLength(3)
  })

  it('lets only one of several at once do the work', async () => {
    const key = { 'idempotency-key': 'key-4' }
    const row = { ...body, labels: { series: 'race' } }
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(row, key)))
    for (const { status } of answers) expect([201, 409]).toContain(status)
    expect((await jobsOf('label=series=race')).items).toHaveLength(1)
  })

  it('never repeats a token', async () => {
    const key = { 'idempotency-key': 'key-5' }
    const first = await platform.ask('mike', 'POST', '/v1/tokens', { body: {}, headers: key })
    expect(first.json['token']).toMatch(/^cmt_/)
    const second = await platform.ask('mike', 'POST', '/v1/tokens', { body: {}, headers: key })
    expect(second.status).toBe(409)
    const stored = JSON.stringify(await platform.store.db.collection('idempotency-keys').find().toArray())
    expect(stored).not.toContain(String(first.json['token']))
  })
})
