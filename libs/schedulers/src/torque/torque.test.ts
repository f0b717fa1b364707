import { PermanentError, Resources } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { keepsTheSchedulerContract, saying, TOKEN } from '../keeps-the-scheduler-contract.ts'
import { schedulerFor } from '../registry.ts'
import { directives } from './directives.ts'

const torque = schedulerFor('torque', { root: '/r' })
const who = { account: 'alice', tokens: [TOKEN] }

/** As the wrappers of Slurm 22.05 print a job (recorded on the test bed), and with what a real server adds. */
const job = (attributes: Readonly<Record<string, string>>, id = '812') => {
  const all = {
    ...{ Job_Name: TOKEN, Job_Owner: 'alice@localhost', job_state: 'R', queue: 'short' },
    ...{ qtime: 'Sat Nov 28 19:31:41 2026', mtime: 'Sat Nov 28 19:31:42 2026', exec_host: 'c1/2', Priority: '4294901759' },
    ...{ 'Resource_List.walltime': '00:05:00', 'Resource_List.nodect': '1', ...attributes },
  }
  return `Job Id:\t${id}\n${Object.entries(all)
    .map(([key, value]) => `\t${key} = ${value}\n`)
    .join('')}\n`
}
const completed = (exit: string, more: Readonly<Record<string, string>> = {}) =>
  job({ job_state: 'C', exit_status: exit, ...more })

keepsTheSchedulerContract(torque, {
  id: '812',
  queue: {
    pending: job({ job_state: 'Q' }),
    running: job({}),
    completing: job({ job_state: 'E' }),
    suspended: job({ job_state: 'S' }),
    unknown: job({ job_state: 'Z' }),
  },
  ended: {
    COMPLETED: completed('0'),
    FAILED: completed('3'),
    CANCELLED: completed('271'),
    TIMEOUT: completed('271', { 'resources_used.walltime': '00:05:03' }),
  },
  accounting: {},
  accepted: '812\n',
  refused: [
    ['sbatch: error: Batch job submission failed: Invalid partition name specified', 'INVALID'],
    ['qsub: submit error (Unknown queue MSG=cannot locate queue)', 'INVALID'],
    ['qsub: submit error (Maximum number of jobs already in queue)', 'QUOTA'],
    ['sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit)', 'QUOTA'],
  ],
  silent: [
    'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation',
    'qsub: cannot connect to server torque (errno=111) Connection refused',
  ],
  foreignLine: 'There was an error',
})

describe('Torque', () => {
  it('says nothing of how a job ended through the wrappers: its exit code does', () => {
    const [row] = torque.queue(who).read(saying(job({ job_state: 'C' }))).rows
    expect(row).toMatchObject({ state: 'ended', ending: null, submittedSeconds: 1_795_894_301 })
  })

  it('puts folded lines together, takes ids with a server, and leaves the jobs of others out', () => {
    const folded = job({}, '813.torque').replace('c1/2', 'c1/0+c1/1+c1/2+\n\tc2/0')
    const { rows, complete } = torque.queue({ account: 'alice', tokens: [] }).read(saying(folded + job({ Job_Owner: 'bob@x' })))
    expect(complete).toBe(true)
    expect(rows.map(({ nativeId, nodes }) => [nativeId, nodes])).toEqual([['813.torque', 'c1/0+c1/1+c1/2+c2/0']])
  })

  it('is asked for everything in one list', () => {
    const resources = { nodes: 2, ranks: 8, threadsPerRank: 4, memoryMebibytes: 500, walltimeSeconds: 90_061 }
    expect(directives(Resources.parse({ ...resources, partition: 'q', extraDirectives: ['-l feature=ib'] }))).toEqual([
      ...['-q', 'q'],
      ...['-l', 'nodes=2:ppn=16,walltime=25:01:01,mem=1000mb,feature=ib'],
    ])
    expect(() => directives(Resources.parse({ qos: 'high' }))).toThrow(PermanentError)
    expect(() => directives(Resources.parse({ extraDirectives: ['-l walltime=99:00:00'] }))).toThrow(PermanentError)
  })
})
