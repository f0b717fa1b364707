import { answerQuestions } from '@crystalmath/bus'
import { ClusterSpec, EXAMINE_SUBJECT, JobView } from '@crystalmath/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Platform, SCRIPT, startPlatform } from './testing/platform.ts'

let platform: Platform
beforeAll(async () => {
  platform = await startPlatform()
})
afterAll(() => platform.close())

const post = async (body: unknown, headers: Record<string, string> = {}, query = '') =>
  platform.ask('mike', 'POST', `/v1/jobs${query}`, { body, headers })

const createOne = async (body: unknown = SCRIPT): Promise<JobView> => JobView.parse((await post(body)).json)

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
    const { INVENTORY } = await import('./testing/platform.ts')
    const register = (body: object, query = '') => platform.ask('admin', 'POST', `/v1/clusters${query}`, { body })
    expect(await register(spec)).toMatchObject({ status: 503, json: { detail: expect.stringMatching(/could look at new/) } })
    expect(await register(spec, '?offline=true')).toMatchObject({ status: 201, json: { inventory: null } })

    const stop = new AbortController()
    const seen: unknown[] = []
    const broken = { item: 'ROOT', severity: 'error', evidence: '/scratch/cm cannot be written', mend: 'choose another root' }
    answerQuestions(
      platform.bus,
      EXAMINE_SUBJECT,
      async (question) => {
        const { root } = ClusterSpec.parse(question)
        seen.push(root)
        const findings = root === '/scratch/cm' ? [broken] : []
        return { inventory: { ...INVENTORY, findings }, findings }
      },
      stop.signal,
    )
    await platform.bus.connection.flush()
    expect(await register(spec)).toMatchObject({
      status: 422,
      json: { errors: [{ path: 'root', message: broken.evidence, mend: broken.mend }] },
    })
    const elsewhere = { ...spec, root: '/work/cm' }
    expect(await register(elsewhere)).toMatchObject({
      status: 200,
      json: { inventory: { schedulerVersion: INVENTORY.schedulerVersion } },
    })
    // of what is ours alone the doctor needs to see nothing
    expect(await register({ ...elsewhere, maxInFlight: 7 })).toMatchObject({ status: 200, json: { spec: { maxInFlight: 7 } } })
    expect(seen).toEqual(['/scratch/cm', '/work/cm'])
    stop.abort()
    expect((await platform.ask('mike', 'GET', '/v1/clusters/new')).json).toMatchObject({
      budget: { account: 'u@h:22', connections: { now: 0, most: 2 }, limits: { commands: { now: 120, most: 120 } }, jobs: null },
    })
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
