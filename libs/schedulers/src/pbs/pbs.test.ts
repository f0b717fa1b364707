import { existsSync, readFileSync } from 'node:fs'
import { PermanentError, Resources } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { keepsTheSchedulerContract, saying, TOKEN } from '../keeps-the-scheduler-contract.ts'
import { schedulerFor } from '../registry.ts'
import { directives } from './directives.ts'

const pbs = schedulerFor('pbs', { root: '/r' })
const who = { account: 'alice', tokens: [TOKEN] }

/** As `qstat -f` prints a job, in the form of the recordings below. */
const job = (attributes: Readonly<Record<string, string>>, id = '812.pbs') => {
  const all = { Job_Name: TOKEN, Job_Owner: 'alice@login', job_state: 'R', ctime: 'Sat Apr 20 01:36:00 2013', ...attributes }
  return `Job Id: ${id}\n${Object.entries(all)
    .map(([key, value]) => `    ${key} = ${value}\n`)
    .join('')}\n`
}
const finished = (exit: string, more: Readonly<Record<string, string>> = {}) =>
  job({ job_state: 'F', substate: '92', Exit_status: exit, mtime: 'Sat Apr 20 01:38:00 2013', ...more })

keepsTheSchedulerContract(pbs, {
  id: '812.pbs',
  queue: {
    pending: job({ job_state: 'Q' }),
    running: job({ job_state: 'R', stime: 'Sat Apr 20 01:36:59 2013' }),
    suspended: job({ job_state: 'S' }),
    completing: job({ job_state: 'E' }),
    unknown: job({ job_state: 'Z' }),
  },
  ended: { COMPLETED: finished('0'), FAILED: finished('7') },
  accounting: {
    COMPLETED: finished('0'),
    FAILED: finished('267'),
    TIMEOUT: finished('-29'),
    OUT_OF_MEMORY: finished('-27'),
    CANCELLED: finished('271', { substate: '91' }),
  },
  accepted: '812.pbs\n',
  refused: [
    ['qsub: Unknown queue', 'INVALID'],
    ['qsub: Unauthorized Request', 'INVALID'],
    ['qsub: Job violates queue and/or server resource limits', 'INVALID'],
    ["qsub: would exceed queue generic's per-user limit of jobs in 'Q' state", 'QUOTA'],
    ['qsub: Queue is not enabled', 'MAINTENANCE'],
    ['qsub: Illegal attribute or resource value Resource_List.select', 'INVALID'],
  ],
  silent: [
    'Connection refused\nqsub: cannot connect to server pbs (errno=15010)',
    'qsub: Communication failure.',
    'qsub: End of File',
  ],
  foreignLine: 'pbs_iff: what is this',
})

describe('finished jobs of PBS', () => {
  const endingOf = (text: string) => pbs.accounting(who, 60)?.read(saying(text)).rows[0]

  it('were ended by a signal above 256', () => {
    expect(endingOf(finished('267'))).toMatchObject({ ending: 'FAILED', exitCode: 0, signal: 11 })
  })

  it('ran out of time where they were terminated after their limit', () => {
    const late = { 'resources_used.walltime': '00:01:05', 'Resource_List.walltime': '00:01:00' }
    expect(endingOf(finished('271', late))).toMatchObject({ ending: 'TIMEOUT', elapsedSeconds: 65 })
    expect(endingOf(finished('271', { ...late, 'resources_used.walltime': '00:00:05' }))).toMatchObject({
      ending: 'FAILED',
      signal: 15,
    })
  })

  it('that say nothing of how they ended prove no end', () => {
    expect(endingOf(job({ job_state: 'F', substate: '92' }))?.ending).toBeNull()
  })

  it('have times of the epoch', () => {
    expect(endingOf(finished('0'))).toMatchObject({ submittedSeconds: 1_366_421_760, endedSeconds: 1_366_421_880 })
  })
})

describe('the words for PBS', () => {
  it('ask for equal nodes', () => {
    const resources = Resources.parse({
      partition: 'q',
      account: 'proj',
      nodes: 2,
      ranks: 8,
      threadsPerRank: 4,
      memoryMebibytes: 4_000,
      walltimeSeconds: 90_061,
      extraDirectives: ['-l place=scatter'],
    })
    expect(directives(resources)).toEqual([
      '-q',
      'q',
      '-A',
      'proj',
      '-l',
      'select=2:ncpus=16:mpiprocs=4:ompthreads=4:mem=4000mb',
      '-l',
      'walltime=25:01:01',
      '-l',
      'place=scatter',
    ])
  })

  it('have no qos, and let nobody ask twice for the same', () => {
    expect(() => directives(Resources.parse({ qos: 'high' }))).toThrow(PermanentError)
    expect(() => directives(Resources.parse({ extraDirectives: ['-l walltime=99:00:00'] }))).toThrow(PermanentError)
  })

  it('read what the server says of itself', () => {
    const said =
      'Server: pbs\n    server_state = Active\n    max_array_size = 10000\n    job_history_enable = True\n    pbs_version = 20.0.1\n'
    expect(pbs.limits.read(saying(said)).value).toMatchObject({ version: '20.0.1', maxArraySize: 10_000, accounting: true })
  })
})

const RECORDED = '../shared/corpus/schedulers/pbspro-qstat-f-aiida/qstat-f.txt'

describe('a recorded queue of PBS Professional', () => {
  it.skipIf(!existsSync(RECORDED))('is read whole, with its folded lines', () => {
    const { rows, complete } = pbs.queue({ account: 'x', tokens: [] }).read(saying(readFileSync(RECORDED, 'utf8')))
    expect(complete).toBe(true)
    expect(rows).toHaveLength(6)
    expect(rows.filter(({ state }) => state === 'running').map(({ nativeId }) => nativeId)).toEqual([
      '69301.mycluster',
      '74164.mycluster',
    ])
    expect(rows.find(({ nativeId }) => nativeId === '69301.mycluster')).toMatchObject({
      startedSeconds: 1_366_421_819,
      name: 'Cu-dbp',
    })
  })
})
