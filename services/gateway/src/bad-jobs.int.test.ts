import { JobRequest } from '@crystalmath/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Platform, SCRIPT, SILICON, startPlatform } from './testing/platform.ts'

let platform: Platform
beforeAll(async () => {
  platform = await startPlatform({ config: { BODY_MEBIBYTES: 1 } })
})
afterAll(() => platform.close())

const { structure, ...WITHOUT_STRUCTURE } = SILICON
const CODES =
  'vasp, orca, quantum-espresso, crystal, yambo, wannier90, phonopy, boltztrap2, cp2k, nwchem, abinit, xtb, ase, script'
const FIELDS = Object.keys(JobRequest.shape).join(', ')
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
