import { answerQuestions } from '@crystalmath/bus'
import { type JobId, JobView, tokenOf } from '@crystalmath/contract'
import { saveOutputs, tell } from '@crystalmath/store'
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

describe('users, projects and tokens', () => {
  it('let a new user in, until the token is revoked', async () => {
    expect((await platform.ask('admin', 'POST', '/v1/users', { body: { id: 'nina' } })).status).toBe(201)
    expect((await platform.ask('admin', 'POST', '/v1/users', { body: { id: 'nina' } })).status).toBe(409)
    const { json } = await platform.ask('admin', 'POST', '/v1/tokens', { body: { user: 'nina' } })
    const headers = { authorization: `Bearer ${json['token']}` }
    expect((await platform.ask(null, 'GET', '/v1/me', { headers })).json).toMatchObject({
      user: { id: 'nina', admin: false },
      projects: [],
    })
    expect((await platform.ask('mike', 'DELETE', `/v1/tokens/${json['id']}`)).status).toBe(404)
    expect((await platform.ask('admin', 'DELETE', `/v1/tokens/${json['id']}`)).status).toBe(200)
    expect((await platform.ask(null, 'GET', '/v1/me', { headers })).status).toBe(401)
  })

  it('store hashes of tokens only', async () => {
    const { json } = await platform.ask('mike', 'POST', '/v1/tokens', { body: { name: 'laptop' } })
    const collections = await platform.store.db.collections()
    for (const collection of collections) {
      expect(JSON.stringify(await collection.find().toArray()), collection.collectionName).not.toContain(String(json['token']))
    }
    expect(JSON.stringify((await platform.ask('mike', 'GET', '/v1/tokens')).json)).not.toContain('cmt_')
  })

  it('let disabled users in no more', async () => {
    await platform.ask('admin', 'POST', '/v1/users', { body: { id: 'otto' } })
    const { json } = await platform.ask('admin', 'POST', '/v1/tokens', { body: { user: 'otto' } })
    const headers = { authorization: `Bearer ${json['token']}` }
    await platform.ask('admin', 'PATCH', '/v1/users/otto', { body: { disabled: true } })
    expect((await platform.ask(null, 'GET', '/v1/me', { headers })).status).toBe(401)
  })

  it('follow the roles of a project', async () => {
    expect((await platform.ask('eve', 'POST', '/v1/projects', { body: { id: 'borides' } })).status).toBe(201)
    expect((await platform.ask('mike', 'GET', '/v1/projects/borides')).status).toBe(404)
    const job = { ...SCRIPT, project: 'borides' }
    expect((await platform.ask('mike', 'POST', '/v1/jobs', { body: job })).status).toBe(404)
    await platform.ask('eve', 'PUT', '/v1/projects/borides/members/mike', { body: { role: 'viewer' } })
    expect((await platform.ask('mike', 'POST', '/v1/jobs', { body: job })).status).toBe(403)
    await platform.ask('eve', 'PUT', '/v1/projects/borides/members/mike', { body: { role: 'member' } })
    expect((await platform.ask('mike', 'POST', '/v1/jobs', { body: job })).status).toBe(201)
    await platform.ask('eve', 'DELETE', '/v1/projects/borides/members/mike')
    expect((await platform.ask('mike', 'GET', '/v1/jobs?project=borides')).status).toBe(404)
  })

  it('leave an audit log', async () => {
    const { id } = await createOne()
    await platform.ask('mike', 'POST', `/v1/jobs/${id}/cancel`, { headers: { 'x-request-id': 'my-request' } })
    const { json } = await platform.ask('admin', 'GET', `/v1/audit?target=${id}`)
    expect(json['items']).toMatchObject([
      { user: 'mike', action: 'cancel', requestId: 'my-request', detail: { status: 'accepted' } },
      { user: 'mike', action: 'POST /v1/jobs' },
    ])
  })
})

describe('clusters', () => {
  const spec = {
    name: 'new',
    scheduler: 'slurm',
    ssh: { host: 'h', user: 'u', key: 'k' },
    root: '/scratch/cm',
    codes: { script: {} },
  }

  it('are registered, changed and forgotten', async () => {
    expect((await platform.ask('admin', 'POST', '/v1/clusters', { body: spec })).status).toBe(201)
    const changed = await platform.ask('admin', 'POST', '/v1/clusters', { body: { ...spec, maxInFlight: 7 } })
    expect(changed).toMatchObject({ status: 200, json: { spec: { maxInFlight: 7, ssh: { port: 22 } }, inventory: null } })
    expect((await platform.ask('admin', 'DELETE', '/v1/clusters/new')).status).toBe(204)
    expect((await platform.ask('mike', 'GET', '/v1/clusters/new')).status).toBe(404)
  })

  it('with live jobs are not forgotten', async () => {
    await createOne()
    const { status, json } = await platform.ask('admin', 'DELETE', '/v1/clusters/alps')
    expect({ status, detail: json['detail'] }).toEqual({
      status: 409,
      detail: expect.stringMatching(/cluster alps has live jobs/),
    })
  })

  it('are looked at by whoever has the connection', async () => {
    const { INVENTORY } = await import('./testing/platform.ts')
    const stop = new AbortController()
    answerQuestions(
      platform.bus,
      'cluster.check.alps',
      async (question) => ({ ...INVENTORY, schedulerVersion: JSON.stringify(question) }),
      stop.signal,
    )
    await platform.bus.connection.flush()
    const { json } = await platform.ask('admin', 'POST', '/v1/clusters/alps/check', { body: { dryRun: true } })
    expect(json).toMatchObject({ schedulerVersion: '{"dryRun":true}' })
    expect((await platform.ask('mike', 'POST', '/v1/clusters/alps/check', { body: { dryRun: true } })).status).toBe(403)
    stop.abort()
  })
})

describe('the documents', () => {
  it('describe every operation', async () => {
    const { json } = await platform.ask(null, 'GET', '/openapi.json')
    expect(json).toMatchObject({
      openapi: '3.1.0',
      paths: { '/v1/jobs': { post: { operationId: 'postJobs' } }, '/v1/jobs/{id}/files/{path}': {} },
    })
    const page = await platform.ask(null, 'GET', '/docs')
    expect(page.text).toContain('/v1/jobs/{id}/evidence')
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'self'/)
  })

  it('are open to no other origin', async () => {
    const { headers } = await platform.ask('mike', 'GET', '/v1/jobs', { headers: { origin: 'https://evil.example' } })
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  it('count requests, jobs and dead letters', async () => {
    await platform.ask('mike', 'GET', '/v1/jobs/x')
    const { text } = await platform.ask(null, 'GET', '/metrics')
    expect(text).toMatch(/crystalmath_http_request_seconds_count\{method="GET",route="\/v1\/jobs\/\{id\}",status="404"\} \d/)
    expect(text).toMatch(/crystalmath_jobs\{status="accepted"\} \d+/)
    expect(text).toMatch(/crystalmath_dead_letters 0/)
  })

  it('tell health without a token', async () => {
    expect((await platform.ask(null, 'GET', '/healthz')).json).toEqual({ live: true })
    expect((await platform.ask(null, 'GET', '/readyz')).json).toEqual({ ready: true, missing: [] })
  })
})
