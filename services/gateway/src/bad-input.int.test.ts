import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AskOptions, type Platform, SCRIPT, SILICON, startPlatform, type Who } from './testing/platform.ts'

let platform: Platform
beforeAll(async () => {
  platform = await startPlatform({ config: { BODY_MEBIBYTES: 1 } })
})
afterAll(() => platform.close())

const { structure, ...WITHOUT_STRUCTURE } = SILICON
const CODES =
  'vasp, orca, quantum-espresso, crystal, yambo, wannier90, phonopy, boltztrap2, cp2k, nwchem, abinit, xtb, ase, script'
const FIELDS = 'project, cluster, code, name, structure, parameters, resources, recovery, priority, labels, extraFiles, after'
const KINDS = '"scf", "nscf", "bands", "relax", "vc-relax", "md", "vc-md"'
const resources = (asked: object) => ({ ...SILICON, resources: asked })

/** What is sent; where it is wrong, the value that is quoted (undefined: nothing was sent), and the mend (a part of it). */
type Case = readonly [what: string, body: object, path: string, value: string | undefined, mend: string | RegExp]

const CASES: readonly Case[] = [
  ['a missing project', { ...SILICON, project: undefined }, 'project', undefined, 'give a string'],
  ['a missing code', { ...SILICON, code: undefined }, 'code', undefined, `one of: ${CODES}`],
  ['a project that is a number', { ...SILICON, project: 7 }, 'project', '7', 'give a string'],
  ['a field that there is not', { ...SILICON, zzz: 3 }, 'zzz', '3', `remove it; there are: ${FIELDS}`],
  ['a misspelt field', { ...SILICON, resource: {} }, 'resource', '{}', 'did you mean resources?'],
  [
    'a misspelt inner field',
    resources({ walltimeSecond: 60 }),
    'resources.walltimeSecond',
    '60',
    'did you mean walltimeSeconds?',
  ],
  [
    'a misspelt code',
    { ...SILICON, code: 'quantum-espreso' },
    'code',
    'quantum-espreso',
    `did you mean quantum-espresso? one of: ${CODES}`,
  ],
  ['a misspelt cluster', { ...SILICON, cluster: 'alp' }, 'cluster', 'alp', 'did you mean alps? one of: alps, unseen'],
  [
    'a cluster name of another form',
    { ...SILICON, cluster: 'Alps!' },
    'cluster',
    'Alps!',
    'must be 1 to 32 lower-case letters, digits or inner dashes',
  ],
  ['a cluster that nobody looked at', { ...SILICON, cluster: 'unseen' }, 'cluster', 'unseen', 'crystalmath cluster check unseen'],
  [
    'a code that the cluster has not',
    { ...SILICON, code: 'vasp' },
    'code',
    'vasp',
    'use quantum-espresso or script, or add codes["vasp"] to the cluster and register it again',
  ],
  ['a missing structure', WITHOUT_STRUCTURE, 'structure', undefined, 'add a structure to the job'],
  [
    'half a structure',
    { ...SILICON, structure: { latticeAngstrom: null, species: ['Si'] } },
    'structure.positionsAngstrom',
    undefined,
    'give a list',
  ],
  [
    'a misspelt format',
    { ...SILICON, structure: { format: 'cfi', text: 'x' } },
    'structure.format',
    'cfi',
    'did you mean cif? one of: poscar, cif, extxyz, xyz',
  ],
  [
    'a CIF that is none',
    { ...SILICON, structure: { format: 'cif', text: 'x' } },
    'structure.text',
    'x',
    'begin the CIF with a line data_NAME',
  ],
  [
    'an element that there is not',
    { ...SILICON, structure: { ...structure, species: ['Si', 'Sj'] } },
    'structure.species[1]',
    'Sj',
    /did you mean S/,
  ],
  [
    'an atom listed twice',
    {
      ...SILICON,
      structure: {
        ...structure,
        positionsAngstrom: [
          [0, 0, 0],
          [0, 0, 0.1],
        ],
      },
    },
    'structure.positionsAngstrom[1]',
    '0 0 0.1',
    /remove the atom that is listed twice/,
  ],
  [
    'more atoms than positions',
    { ...SILICON, structure: { ...structure, species: ['Si', 'Si', 'Si'] } },
    'structure.positionsAngstrom',
    '2',
    'give positionsAngstrom one entry per atom',
  ],
  [
    'a flat cell',
    {
      ...SILICON,
      structure: {
        ...structure,
        latticeAngstrom: [
          [1, 0, 0],
          [0, 1, 0],
          [1, 1, 0],
        ],
      },
    },
    'structure.latticeAngstrom',
    undefined,
    /do not lie in a plane/,
  ],
  [
    'an element without a pseudopotential',
    { ...SILICON, structure: { ...structure, species: ['Si', 'Ge'] } },
    'parameters.pseudopotentials.Ge',
    undefined,
    /the folder holds files for Si/,
  ],
  [
    'too long a run',
    resources({ walltimeSeconds: 7_200 }),
    'resources.walltimeSeconds',
    '7200',
    'at most 3600, or use partition normal',
  ],
  [
    'too long a run for every partition',
    resources({ walltimeSeconds: 100_000 }),
    'resources.walltimeSeconds',
    '100000',
    'at most 3600',
  ],
  ['too short a run', resources({ walltimeSeconds: 5 }), 'resources.walltimeSeconds', '5', 'at least 60'],
  ['a run time in words', resources({ walltimeSeconds: '1h' }), 'resources.walltimeSeconds', '1h', 'give a number'],
  [
    'more ranks than cores',
    resources({ ranks: 17 }),
    'resources.ranks',
    '17',
    'ask for 2 nodes, or for fewer ranks or threads, or use partition normal',
  ],
  [
    'more ranks and threads than cores',
    resources({ ranks: 8, threadsPerRank: 8 }),
    'resources.ranks',
    '64',
    'at most 32 cores in all, or use partition normal',
  ],
  ['a part of a rank', resources({ ranks: 1.5 }), 'resources.ranks', '1.5', 'give a whole number'],
  ['more nodes than there are', resources({ nodes: 3, ranks: 3 }), 'resources.nodes', '3', 'at most 2, or use partition normal'],
  [
    'more memory than a node has',
    resources({ memoryMebibytes: 65_000 }),
    'resources.memoryMebibytes',
    '65000',
    'at most 64000, or use partition normal',
  ],
  [
    'a misspelt partition',
    resources({ partition: 'debgu' }),
    'resources.partition',
    'debgu',
    'did you mean debug? one of: debug, normal',
  ],
  [
    'a shell command as partition',
    resources({ partition: 'a;rm -rf /' }),
    'resources.partition',
    'a;rm -rf /',
    'letters, digits and _.,@+- only',
  ],
  [
    'a directive that is not harmless',
    resources({ extraDirectives: ['--wrap=id'] }),
    'resources.extraDirectives[0]',
    '--wrap=id',
    'remove it, or use one of the list',
  ],
  [
    'a misspelt keyword',
    { ...SILICON, parameters: { calculation: 'scf', system: { ecutwf: 40 } } },
    'parameters.system.ecutwf',
    '40',
    'did you mean system.ecutwfc?',
  ],
  [
    'a kind of calculation that there is not',
    { ...SILICON, parameters: { calculation: 'sfc' } },
    'parameters.calculation',
    '"sfc"',
    `write one of ${KINDS}`,
  ],
  [
    'a negative cutoff',
    { ...SILICON, parameters: { calculation: 'scf', system: { ecutwfc: -3 } } },
    'parameters.system.ecutwfc',
    '-3',
    'write a number above 0',
  ],
  ['a label with a dot', { ...SILICON, labels: { 'a.b': 'x' } }, 'labels', 'a.b', 'letters, digits and _:/+- only'],
  ['a label that is a number', { ...SILICON, labels: { a: 5 } }, 'labels.a', '5', 'give a string'],
  [
    'a predecessor that there is not',
    { ...SILICON, after: '00000000-0000-4000-8000-000000000000' },
    'after',
    '00000000-0000-4000-8000-000000000000',
    'give the id of a job of the same project',
  ],
  ['a predecessor that is no id', { ...SILICON, after: 'x' }, 'after', 'x', 'give an id as the platform made it'],
  [
    'a file outside the folder',
    { ...SCRIPT, extraFiles: [{ path: '../x', text: '' }] },
    'extraFiles[0].path',
    '../x',
    'must be a relative path of letters, digits and _.+-',
  ],
  [
    'a file twice',
    {
      ...SCRIPT,
      extraFiles: [
        { path: 'x', text: '' },
        { path: 'x', text: '' },
      ],
    },
    'extraFiles',
    'x',
    'give each file once',
  ],
  ['a POTCAR', { ...SCRIPT, extraFiles: [{ path: 'POTCAR', text: '' }] }, 'extraFiles', 'POTCAR', /leave it out/],
  [
    'a POTCAR under another name',
    { ...SCRIPT, extraFiles: [{ path: 'x', text: '   VRHFIN =Si: s2p2\n' }] },
    'extraFiles',
    'x',
    /leave it out/,
  ],
  [
    'a misspelt strategy',
    { ...SCRIPT, recovery: { strategy: 'ADAPTIV' } },
    'recovery.strategy',
    'ADAPTIV',
    'did you mean ADAPTIVE? one of: FAIL_FAST, RETRY, CHECKPOINT, ADAPTIVE',
  ],
  ['too many attempts', { ...SCRIPT, recovery: { maxAttempts: 51 } }, 'recovery.maxAttempts', '51', 'at most 50'],
  ['a priority out of range', { ...SCRIPT, priority: 1e7 }, 'priority', '10000000', 'at most 1000000'],
  [
    'a script job without a script',
    { ...SCRIPT, parameters: {} },
    'parameters.script',
    undefined,
    'set parameters.script to the text of a shell script',
  ],
  ['a name of no length', { ...SCRIPT, name: '' }, 'name', '', 'at least 1 character'],
]

describe('a job is refused before anything is created', () => {
  it.each(CASES)('for %s', async (_, body, path, value, mend) => {
    const { status, headers, json } = await platform.ask('mike', 'POST', '/v1/jobs', { body })
    expect(status).toBe(422)
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/)
    const problem = (json['errors'] as { path: string; value?: string; mend?: string }[]).find((one) => one.path === path)
    expect(problem, JSON.stringify(json['errors'])).toBeDefined()
    if (value !== undefined) expect(problem?.value).toBe(value)
    if (typeof mend === 'string') expect(problem?.mend).toBe(mend)
    else expect(problem?.mend).toMatch(mend)
  })

  it('and indeed nothing was', async () => {
    const { json } = await platform.ask('admin', 'GET', '/v1/jobs/counts')
    expect(json).toEqual({ total: 0, byStatus: {} })
  })
})

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
