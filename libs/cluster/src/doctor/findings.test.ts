import { ClusterSpec } from '@crystalmath/contract'
import { schedulerFor } from '@crystalmath/schedulers'
import { describe, expect, it } from 'vitest'
import { batchFindings } from './batch.ts'
import { codeFinding, codeQuestions, programsOf } from './codes.ts'
import { readHost } from './host.ts'

const said = (stdout: string, stderr = '') => ({ stdout, stderr, exitCode: 0, complete: true })
const severities = (findings: readonly { readonly item: string; readonly severity: string }[]) =>
  Object.fromEntries(findings.map(({ item, severity }) => [item, severity]))

const HOST = 'writable yes\nlinks yes\nfree_mebibytes 500000\nfree_inodes 9000000\nfile_system ext2/ext3\nowner lab 1\n'

describe('the doctor', () => {
  it('finds a good host well', () => {
    const { findings, freeMebibytes } = readHost(said(HOST), '/r', 'lab 1')
    expect(freeMebibytes).toBe(500_000)
    expect(new Set(findings.map(({ severity }) => severity))).toEqual(new Set(['ok']))
  })

  it.each([
    ['root missing\n', { ROOT: 'error' }],
    [HOST.replace('writable yes', 'writable no'), { ROOT: 'error' }],
    [HOST.replace('lab 1', 'other 1'), { ROOT: 'error' }],
    [HOST.replace('links yes', 'links no'), { HARD_LINKS: 'warning' }],
    [HOST.replace('500000', '5000'), { FREE_SPACE: 'warning' }],
    [HOST.replace('500000', '50'), { FREE_SPACE: 'error' }],
    [HOST.replace('9000000', '50'), { FREE_SPACE: 'warning' }],
    [HOST.replace('ext2/ext3', 'nfs'), { DIRECTORY_LAG: 'warning' }],
    [`${HOST}lacks flock\n`, { TOOLS: 'error' }],
  ])('sees what is wrong with a host: %j', (text, expected) => {
    const { findings } = readHost(said(text), '/r', 'lab 1')
    expect(severities(findings)).toMatchObject(expected)
    for (const { severity, mend } of findings) expect(severity === 'ok' || mend.length > 10).toBe(true)
  })

  const spec = ClusterSpec.parse({
    name: 'alps',
    scheduler: 'slurm',
    ssh: { host: 'alps', user: 'alice', key: 'k' },
    root: '/r',
    defaults: { partition: 'long' },
    codes: {
      vasp: { executables: { vasp: '/opt/vasp/bin/vasp_std -x' }, launcher: 'srun -n {ranks}' },
      script: { launcher: '' },
    },
  })
  const slurm = schedulerFor('slurm', { root: '/r' })
  const limits = {
    version: '22.05.8',
    maxArraySize: 1001,
    minJobAgeSeconds: 300,
    killWaitSeconds: 30,
    accounting: true,
    maxSubmit: 20_000,
  }
  const partition = {
    name: 'long',
    isDefault: true,
    available: true,
    maxWalltimeSeconds: 600,
    nodeCount: 2,
    coresPerNode: 8,
    memoryMebibytesPerNode: 4_000,
  }
  const good = {
    limits: { value: limits, trouble: null },
    partitions: { value: [partition], trouble: null },
    maintenance: { value: [], trouble: null },
    accounting: { trouble: null },
    submitLimits: [],
    nowSeconds: 1_000,
  } as const
  const batch = (more: object) => severities(batchFindings(spec, slurm, { ...good, ...more }))

  it('finds a good batch system well', () => {
    expect(new Set(Object.values(batch({})))).toEqual(new Set(['ok']))
  })

  it.each([
    [[{ of: 'association of lab (MaxSubmitJobs)', jobs: 20 }], 'warning'],
    [[{ of: 'association of lab (MaxSubmitJobs)', jobs: 20_000 }], 'ok'],
    // which QOS a job gets, it is not for us to say
    [[{ of: 'QOS debug (GrpSubmitJobs)', jobs: 2 }], 'ok'],
  ])('tells the limits of the account: %j', (value, severity) =>
    expect(batch({ submitLimits: [{ value, trouble: null }] })).toMatchObject({ SUBMIT_LIMITS: severity }),
  )

  it.each([
    [{ limits: { value: null, trouble: 'not found' } }, { SCHEDULER: 'error' }],
    [{ limits: { value: { ...limits, maxSubmit: 100 }, trouble: null } }, { LIMITS: 'warning' }],
    [{ limits: { value: { ...limits, minJobAgeSeconds: 30 }, trouble: null } }, { MIN_JOB_AGE: 'warning' }],
    [{ limits: { value: { ...limits, killWaitSeconds: 1 }, trouble: null } }, { KILL_WAIT: 'warning' }],
    [{ accounting: { trouble: { kind: 'ACCOUNTING_DOWN', said: 'disabled' } } }, { ACCOUNTING: 'warning' }],
    [{ partitions: { value: [{ ...partition, name: 'short' }], trouble: null } }, { PARTITIONS: 'error' }],
    [{ partitions: { value: [{ ...partition, available: false }], trouble: null } }, { PARTITIONS: 'warning' }],
    [
      { maintenance: { value: [{ name: 'm', fromSeconds: 500, untilSeconds: 2_000, nodes: 'c1' }], trouble: null } },
      { MAINTENANCE: 'warning' },
    ],
  ])('sees what is wrong with a batch system: %j', (more, expected) => {
    expect(batch(more)).toMatchObject(expected)
  })

  it('forgets a maintenance that is over', () => {
    const past = { maintenance: { value: [{ name: 'm', fromSeconds: 500, untilSeconds: 900, nodes: 'c1' }], trouble: null } }
    expect(batch(past)).not.toHaveProperty('MAINTENANCE')
  })

  it('asks for launchers and executables, and for the main program where none is named', () => {
    const vasp = spec.codes.vasp
    if (vasp === undefined) throw new Error('no vasp')
    expect(programsOf('vasp', vasp)).toEqual(['srun', '/opt/vasp/bin/vasp_std'])
    expect(programsOf('quantum-espresso', { ...vasp, executables: {} })).toEqual(['srun', 'pw.x'])
    expect(codeQuestions(spec).map(({ code }) => code)).toEqual(['vasp', 'script'])
  })

  it.each([
    [said('program srun /usr/bin/srun\nprogram vasp_std /opt/vasp_std\nover now\n'), 'ok'],
    [said('program srun /usr/bin/srun\nprogram vasp_std \nover now\n'), 'error'],
    [said('', 'sh: Syntax error'), 'error'],
    [said('over now\n'), 'ok'],
    [said('set-up failed with 1\nprogram srun /usr/bin/srun\nover now\n'), 'warning'],
    [said('program srun /usr/bin/srun\nover now\n', 'module: not found'), 'warning'],
  ])('judges a code by what its set-up says: %j', (answer, severity) => {
    expect(codeFinding('vasp', answer).severity).toBe(severity)
  })
})
