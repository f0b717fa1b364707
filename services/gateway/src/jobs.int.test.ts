import { answerQuestions } from '@crystalmath/bus'
import { ClusterName, type JobId, JobView, NativeId, tokenOf } from '@crystalmath/contract'
import { findHolding, saveOutputs, tell } from '@crystalmath/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Platform, SCRIPT, SILICON, startPlatform } from './testing/platform.ts'

const CLUSTER = ClusterName.parse(SCRIPT.cluster)
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

describe('listing jobs', () => {
  it('gives every job once, page by page, while others are made', async () => {
    const rows = Array.from({ length: 25 }, (_, i) => ({ ...SCRIPT, name: `page-${i}`, labels: { series: 'pages' } }))
    await post(rows)
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await jobsOf(`label=series=pages&limit=7${cursor}`)
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next === null ? '' : `&cursor=${page.next}`
      await post(SCRIPT)
    } while (cursor !== '')
    expect(new Set(seen).size).toBe(25)
    expect(seen).toHaveLength(25)
  })

  it('filters by name, code, status and time', async () => {
    await createOne({ ...SCRIPT, name: 'needle (50%)' })
    expect((await jobsOf('name=NEEDLE%20(50')).items).toHaveLength(1)
    expect((await jobsOf('name=needle&code=quantum-espresso')).items).toHaveLength(0)
    expect((await jobsOf('name=needle&status=accepted,running')).items).toHaveLength(1)
    expect((await jobsOf('name=needle&since=2099-01-01')).items).toHaveLength(0)
  })

  it('shows nobody the jobs of others', async () => {
    const job = await createOne()
    expect((await platform.ask('eve', 'GET', '/v1/jobs')).json).toEqual({ items: [], next: null })
    expect((await platform.ask('eve', 'GET', `/v1/jobs/${job.id}`)).status).toBe(404)
    for (const what of ['events', 'evidence', 'inputs', 'files', 'files/x', 'result', 'live']) {
      expect((await platform.ask('eve', 'GET', `/v1/jobs/${job.id}/${what}`)).status, what).toBe(404)
    }
    expect((await platform.ask('eve', 'POST', `/v1/jobs/${job.id}/cancel`)).status).toBe(404)
    expect((await platform.ask('vera', 'GET', `/v1/jobs/${job.id}`)).status).toBe(200)
    expect((await platform.ask('vera', 'DELETE', `/v1/jobs/${job.id}`)).status).toBe(403)
  })
})

describe('one job', () => {
  it('answers 304 while it is unchanged', async () => {
    const { id } = await createOne()
    const first = await platform.ask('mike', 'GET', `/v1/jobs/${id}`)
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' }
    expect((await platform.ask('mike', 'GET', `/v1/jobs/${id}`, { headers })).status).toBe(304)
    await platform.ask('mike', 'POST', `/v1/jobs/${id}/hold`, { body: {} })
    expect((await platform.ask('mike', 'GET', `/v1/jobs/${id}`, { headers })).status).toBe(200)
  })

  it('is held, released and cancelled', async () => {
    const { id } = await createOne()
    const held = await platform.ask('mike', 'POST', `/v1/jobs/${id}/hold`, { body: { reason: 'wrong cell' } })
    expect(held.json).toMatchObject({ held: true, holds: [{ reason: 'wrong cell', by: 'mike', until: null }] })
    expect((await platform.ask('mike', 'POST', `/v1/jobs/${id}/release`)).json).toMatchObject({ held: false })
    expect((await platform.ask('mike', 'DELETE', `/v1/jobs/${id}`)).json).toMatchObject({ status: 'cancelled' })
    expect((await platform.ask('mike', 'POST', `/v1/jobs/${id}/cancel`)).json).toMatchObject({ status: 'cancelled' })
    expect((await platform.ask('mike', 'POST', `/v1/jobs/${id}/hold`, { body: {} })).status).toBe(409)
  })

  it('is not held while nobody knows whether it was sent', async () => {
    const { id } = await createOne()
    await tell(platform.store, id, {
      type: 'StartSubmission',
      at: new Date().toISOString(),
      attempt: 1,
      nonce: 'a',
      keep: ['*'],
      parse: '.',
    })
    const { status, json } = await platform.ask('mike', 'POST', `/v1/jobs/${id}/hold`, { body: {} })
    expect({ status, detail: json['detail'] }).toEqual({
      status: 409,
      detail: expect.stringMatching(/is submitting, on its way to its cluster/),
    })
  })

  it('is held while it is pending on its cluster, and not once it runs', async () => {
    const { id } = await createOne()
    const at = new Date().toISOString()
    const evidence = { source: 'claim', at, clock: 'platform', said: 'submitted as 812' } as const
    const nativeId = NativeId.parse('812')
    await tell(platform.store, id, { type: 'StartSubmission', at, attempt: 1, nonce: 'a', keep: ['*'], parse: '.' })
    const answer = { kind: 'submitted', nativeId } as const
    await tell(platform.store, id, { type: 'RecordAnswer', at, attempt: 1, tryNumber: 1, answer, evidence, nextActionAt: at })
    const held = await platform.ask('mike', 'POST', `/v1/jobs/${id}/hold`, { body: { reason: 'wrong cell' } })
    expect(held.json).toMatchObject({ status: 'pending', held: true })
    expect((await findHolding(platform.store, CLUSTER, 10)).map((job) => job.id)).toContain(id)
    await tell(platform.store, id, { type: 'RecordQueueHold', at, attempt: 1, held: true, evidence })
    expect((await findHolding(platform.store, CLUSTER, 10)).map((job) => job.id)).not.toContain(id)
    await platform.ask('mike', 'POST', `/v1/jobs/${id}/release`)
    expect((await findHolding(platform.store, CLUSTER, 10)).map((job) => job.id)).toContain(id)
    const judgement = { kind: 'alive', status: 'running', nativeId, startedAt: at, reason: null, evidence } as const
    await tell(platform.store, id, { type: 'RecordJudgement', at, attempt: 1, judgement })
    expect(await findHolding(platform.store, CLUSTER, 10)).toEqual([])
    const { status, json } = await platform.ask('mike', 'POST', `/v1/jobs/${id}/hold`, { body: {} })
    expect({ status, detail: json['detail'] }).toEqual({
      status: 409,
      detail: expect.stringMatching(/is running already, and what runs is not held/),
    })
  })

  it('is retried with other settings, which its next attempt shows', async () => {
    const { id } = await createOne(SILICON)
    expect((await platform.ask('mike', 'POST', `/v1/jobs/${id}/retry`, { body: {} })).status).toBe(409)
    await platform.ask('mike', 'POST', `/v1/jobs/${id}/cancel`)
    const body = { set: { electrons: { mixing_beta: 0.2 }, 'resources.ranks': 8 } }
    const { json } = await platform.ask('mike', 'POST', `/v1/jobs/${id}/retry`, { body })
    expect(json).toMatchObject({
      status: 'accepted',
      attempt: 2,
      parameters: { calculation: 'scf', electrons: { mixing_beta: 0.2 } },
      resources: { ranks: 8, walltimeSeconds: 1_800 },
      origin: {
        rule: 'retried by mike',
        altered: true,
        changes: [
          { path: 'electrons.mixing_beta', from: null, to: 0.2 },
          { path: 'resources.ranks', from: 4, to: 8 },
        ],
      },
      past: [{ attempt: 1 }],
    })
  })

  it('is not retried with settings that cannot be sent', async () => {
    const { id } = await createOne(SILICON)
    await platform.ask('mike', 'POST', `/v1/jobs/${id}/cancel`)
    const { status, json } = await platform.ask('mike', 'POST', `/v1/jobs/${id}/retry`, {
      body: { set: { 'resources.ranks': 99 } },
    })
    expect({ status, json }).toMatchObject({ status: 422, json: { errors: [{ path: 'resources.ranks', value: '99' }] } })
  })

  it('tells why its state is believed, and what would change that', async () => {
    const { id } = await createOne()
    const { json } = await platform.ask('vera', 'GET', `/v1/jobs/${id}/evidence`)
    expect(json).toMatchObject({
      status: 'accepted',
      belief: 'nothing of it has been sent to alps',
      because: { source: 'user' },
      history: [{ type: 'JobPosted' }],
    })
    expect(json['wouldChange']).toEqual(['the submitter takes it by priority and age, as many at once as the cluster allows'])
  })

  it('gives back its inputs with the structure as it was understood', async () => {
    const { id } = await createOne(SILICON)
    const { json } = await platform.ask('mike', 'GET', `/v1/jobs/${id}/inputs`)
    expect(json).toMatchObject({
      attempt: 1,
      parameters: { calculation: 'scf' },
      structure: { species: ['Si', 'Si'] },
      effects: ['none', 'path'],
    })
  })
})

describe('files of a job', () => {
  const claim = async (id: JobId) =>
    tell(platform.store, id, {
      type: 'StartSubmission',
      at: new Date().toISOString(),
      attempt: 1,
      nonce: 'a',
      keep: ['*'],
      parse: '.',
    })

  it('come from the store, whole or the last bytes', async () => {
    const { id } = await createOne()
    await saveOutputs(platform.store, tokenOf(id, 1), [{ path: 'a/script.out', content: Buffer.from('hello\nworld\n') }])
    expect((await platform.ask('vera', 'GET', `/v1/jobs/${id}/files`)).json).toEqual({
      attempt: 1,
      items: [{ path: 'a/script.out', size: 12, source: 'store', modifiedAt: null }],
      missing: [],
      trouble: null,
    })
    const whole = await platform.ask('vera', 'GET', `/v1/jobs/${id}/files/a/script.out`)
    expect(whole.text).toBe('hello\nworld\n')
    const tail = await platform.ask('vera', 'GET', `/v1/jobs/${id}/files/a/script.out?tail=6`)
    expect({ text: tail.text, source: tail.headers.get('x-source'), size: tail.headers.get('x-file-size') }).toEqual({
      text: 'world\n',
      source: 'store',
      size: '12',
    })
    expect((await platform.ask('vera', 'GET', `/v1/jobs/${id}/files/nope`)).status).toBe(404)
  })

  it('of a running job come from its cluster, and its silence is a remark', async () => {
    const { id } = await createOne()
    await claim(id)
    const silent = await platform.ask('vera', 'GET', `/v1/jobs/${id}/files`)
    expect(silent.json).toMatchObject({ items: [], trouble: expect.stringMatching(/nobody answered job.files.alps/) })
    expect((await platform.ask('vera', 'GET', `/v1/jobs/${id}/files/script.out?tail=5`)).status).toBe(503)

    const stop = new AbortController()
    answerQuestions(
      platform.bus,
      'job.files.alps',
      async () => [
        { path: 'script.out', size: 3, modifiedSeconds: 1_700_000_000 },
        { path: 'POTCAR', size: 9, modifiedSeconds: 0 },
      ],
      stop.signal,
    )
    answerQuestions(
      platform.bus,
      'job.tail.alps',
      async (question) => ({ base64: Buffer.from(JSON.stringify(question)).toString('base64') }),
      stop.signal,
    )
    await platform.bus.connection.flush()
    const { json } = await platform.ask('vera', 'GET', `/v1/jobs/${id}/files`)
    expect(json).toMatchObject({
      items: [{ path: 'script.out', size: 3, source: 'cluster', modifiedAt: '2023-11-14T22:13:20.000Z' }],
      trouble: null,
    })
    expect(json['items']).toHaveLength(1)
    const tail = await platform.ask('vera', 'GET', `/v1/jobs/${id}/files/script.out?tail=5`)
    expect(JSON.parse(tail.text)).toEqual({ jobId: id, attempt: 1, path: 'script.out', bytes: 5 })
    stop.abort()
  })

  it('never are a POTCAR', async () => {
    const { id } = await createOne()
    await claim(id)
    expect((await platform.ask('admin', 'GET', `/v1/jobs/${id}/files/POTCAR`)).status).toBe(403)
    expect((await platform.ask('admin', 'GET', `/v1/jobs/${id}/files/a/%2e%2e/%2e%2e/etc/passwd`)).status).toBe(404)
  })
})
