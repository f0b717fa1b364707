import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AskOptions, type Platform, SCRIPT, startPlatform, type Who } from './testing/platform.ts'

let platform: Platform
beforeAll(async () => {
  platform = await startPlatform({ config: { BODY_MEBIBYTES: 1 } })
})
afterAll(() => platform.close())

type Request = readonly [
  what: string,
  who: Who | null,
  method: string,
  path: string,
  options: AskOptions,
  status: number,
  detail: RegExp,
]

const DEEP = `${'['.repeat(50)}${']'.repeat(50)}`
const JOB = '/v1/jobs/00000000-0000-4000-8000-000000000000'

const REQUESTS: readonly Request[] = [
  ['without a token', null, 'GET', '/v1/jobs', {}, 401, /Authorization: Bearer TOKEN/],
  [
    'with an unknown token',
    null,
    'GET',
    '/v1/jobs',
    { headers: { authorization: 'Bearer nope' } },
    401,
    /unknown, expired or revoked/,
  ],
  ['with another scheme', null, 'GET', '/v1/jobs', { headers: { authorization: 'Basic bm9wZQ==' } }, 401, /not "Bearer TOKEN"/],
  [
    'of broken JSON',
    'mike',
    'POST',
    '/v1/jobs',
    { text: '{\n  "project": "oxides",\n  "cluster" "alps"\n}' },
    400,
    /not JSON at line 3, column 13 \(offset \d+\), near/,
  ],
  ['of torn JSON', 'mike', 'POST', '/v1/jobs', { text: '{"project": "oxides", ' }, 400, /ends in the middle of JSON at line 1/],
  ['of a single quote', 'mike', 'POST', '/v1/jobs', { text: "{'a': 1}" }, 400, /line 1, column 2/],
  [
    'of an empty body',
    'mike',
    'POST',
    '/v1/jobs',
    { text: '', headers: { 'content-type': 'application/json' } },
    400,
    /body is empty/,
  ],
  [
    'of something else than JSON',
    'mike',
    'POST',
    '/v1/jobs',
    { text: 'a=b', headers: { 'content-type': 'text/plain' } },
    415,
    /"text\/plain": send application\/json/,
  ],
  [
    'of a compressed body',
    'mike',
    'POST',
    '/v1/jobs',
    { text: '{}', headers: { 'content-encoding': 'gzip' } },
    415,
    /send the body as it is/,
  ],
  [
    'of more than the limit',
    'mike',
    'POST',
    '/v1/jobs',
    { text: JSON.stringify({ ...SCRIPT, name: 'x'.repeat(2_000_000) }) },
    413,
    /larger than 1 MiB/,
  ],
  ['of too many rows', 'mike', 'POST', '/v1/jobs', { body: Array(10_001).fill(1) }, 413, /10001 jobs are more than 10000/],
  ['of no rows', 'mike', 'POST', '/v1/jobs', { body: { jobs: [] } }, 422, /see errors/],
  ['of a word', 'mike', 'POST', '/v1/jobs', { body: 'hello' }, 422, /neither a job nor a list/],
  ['of hostile nesting', 'mike', 'POST', '/v1/jobs', { text: DEEP }, 400, /nested more than 40 deep/],
  [
    'of a name that poisons prototypes',
    'mike',
    'POST',
    '/v1/jobs',
    { text: '{"__proto__": {}}' },
    400,
    /"__proto__" cannot be stored/,
  ],
  [
    'of a name that is an operator',
    'mike',
    'POST',
    '/v1/jobs',
    { text: '{"parameters": {"$where": 1}}' },
    400,
    /"\$where" cannot be stored/,
  ],
  [
    'with a key of other characters',
    'mike',
    'POST',
    '/v1/jobs',
    { body: SCRIPT, headers: { 'idempotency-key': 'a b' } },
    400,
    /Idempotency-Key/,
  ],
  [
    'to another project',
    'mike',
    'POST',
    '/v1/jobs',
    { body: { ...SCRIPT, project: 'nitrides' } },
    404,
    /no project "nitrides" that you belong to/,
  ],
  [
    'to no project at all, by an administrator',
    'admin',
    'POST',
    '/v1/jobs',
    { body: { ...SCRIPT, project: 'nowhere' } },
    404,
    /no project "nowhere"/,
  ],
  [
    'to a project that one may only read',
    'vera',
    'POST',
    '/v1/jobs',
    { body: SCRIPT },
    403,
    /may read project "oxides" but not submit/,
  ],
  ['for a job that there is not', 'mike', 'GET', JOB, {}, 404, /there is no job "00000000-/],
  ['for a job by no id', 'mike', 'GET', '/v1/jobs/x', {}, 404, /there is no job "x"/],
  ['for a list of another project', 'mike', 'GET', '/v1/jobs?project=nitrides', {}, 404, /no project "nitrides"/],
  ['for a status that there is not', 'mike', 'GET', '/v1/jobs?status=runing', {}, 400, /see errors/],
  ['for a page of no size', 'mike', 'GET', '/v1/jobs?limit=0', {}, 400, /see errors/],
  ['for a page after nonsense', 'mike', 'GET', '/v1/jobs?cursor=abc', {}, 400, /cursor "abc" is none of ours/],
  ['for a path that there is not', 'mike', 'GET', '/v1/job', {}, 404, /no GET \/v1\/job; see \/openapi.json/],
  ['for a path that is no URL', 'mike', 'GET', '/v1/jobs/%ZZ', {}, 400, /not a valid URL/],
  ['for users, by a member', 'mike', 'GET', '/v1/users', {}, 403, /administrators only/],
  ['for dead letters, by a member', 'mike', 'GET', '/v1/dead-letters', {}, 403, /administrators only/],
  ['for a dead letter that there is not', 'admin', 'GET', '/v1/dead-letters/77', {}, 404, /no dead letter "77"/],
  ['to register a cluster, by a member', 'mike', 'POST', '/v1/clusters', { body: {} }, 403, /administrators only/],
  ['to register half a cluster', 'admin', 'POST', '/v1/clusters', { body: { name: 'x' } }, 422, /see errors/],
  ['for a cluster that there is not', 'mike', 'GET', '/v1/clusters/nope', {}, 404, /no cluster "nope"/],
  [
    'to check a cluster that nobody serves',
    'mike',
    'POST',
    '/v1/clusters/alps/check',
    { body: {} },
    503,
    /nobody answered cluster.check.alps .* no poller has its connection yet/,
  ],
  ['for a token of somebody else', 'mike', 'POST', '/v1/tokens', { body: { user: 'olga' } }, 403, /administrators only/],
  [
    'to add a member, by a member',
    'mike',
    'PUT',
    '/v1/projects/oxides/members/eve',
    { body: { role: 'owner' } },
    403,
    /you are member of project "oxides"; this needs owner/,
  ],
  [
    'to add a user that there is not',
    'olga',
    'PUT',
    '/v1/projects/oxides/members/nobody',
    { body: { role: 'viewer' } },
    422,
    /see errors/,
  ],
  ['to remove the last owner', 'olga', 'DELETE', '/v1/projects/oxides/members/olga', {}, 409, /the last owner/],
  [
    'to disable the last administrator',
    'admin',
    'PATCH',
    '/v1/users/admin',
    { body: { disabled: true } },
    409,
    /the last administrator/,
  ],
]

describe('a request is refused with a problem document', () => {
  it.each(REQUESTS)('%s', async (_, who, method, path, options, expected, detail) => {
    const { status, headers, json } = await platform.ask(who, method, path, options)
    expect({ status, detail: json['detail'] }).toEqual({ status: expected, detail: expect.stringMatching(detail) })
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
    expect(json).toMatchObject({ status: expected, title: expect.stringMatching(/\w/), instance: path })
  })
})

describe('a body that is too large', () => {
  it('is refused in words even to a client that sends all of it before it listens', async () => {
    const { hostname, port } = new URL(platform.url)
    const size = 8_000_000
    const socket = connect(Number(port), hostname)
    let said = ''
    socket.setEncoding('latin1').on('data', (text: string) => {
      said += text
    })
    const head = `POST /v1/jobs HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer ${platform.tokens.mike}\r\ncontent-type: application/json\r\ncontent-length: ${size}\r\n\r\n`
    socket.pause().write(head)
    await new Promise<void>((done, failed) => void socket.once('error', failed).write(Buffer.alloc(size, 32), () => done()))
    await new Promise<void>(
      (done, failed) =>
        void socket
          .once('error', failed)
          .once('close', () => done())
          .resume(),
    )
    expect(said).toMatch(/^HTTP\/1.1 413 /)
    expect(said).toMatch(/the body is larger than 1 MiB; send fewer jobs per call/)
  })
})
