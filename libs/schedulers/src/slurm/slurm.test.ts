import { PermanentError, Resources } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { keepsTheSchedulerContract, saying, TOKEN } from '../keeps-the-scheduler-contract.ts'
import { schedulerFor } from '../registry.ts'
import { membersOf } from './accounting.ts'
import { directives, earlySignalSeconds, formatWalltime } from './directives.ts'
import { parseWalltime } from './limits.ts'
import { meaningOf } from './states.ts'

const slurm = schedulerFor('slurm', { root: '/r' })
const who = { account: 'alice', tokens: [TOKEN] }

/** As Slurm 22.05.8 printed them; `|` stands for the unit separator. */
const line = (text: string) => `${text.replaceAll('|', '\x1f')}\n`
const queued = (state: string, reason: string, started = 'N/A') => line(`812|${state}|1795252872|${started}||${reason}|${TOKEN}`)
const ended = (state: string, reason: string) => line(`812|${state}|1795252872|1795252873|c1|${reason}|${TOKEN}`)
const accounted = (state: string, exit: string, steps = '') =>
  line(`812|${state}|${exit}|1795252872|1795252873|1795252874|1|2|c1||None|${TOKEN}|${TOKEN}`) + steps

keepsTheSchedulerContract(slurm, {
  id: '812',
  queue: {
    pending: queued('PENDING', 'Resources'),
    running: queued('RUNNING', 'None', '1795252873'),
    suspended: queued('SUSPENDED', 'None', '1795252873'),
    completing: queued('COMPLETING', 'None', '1795252873'),
    requeued: queued('REQUEUED', 'BeginTime'),
    unknown: queued('HOVERING', 'None'),
  },
  ended: {
    COMPLETED: ended('COMPLETED', 'None'),
    FAILED: ended('FAILED', 'NonZeroExitCode'),
    TIMEOUT: ended('TIMEOUT', 'TimeLimit'),
    OUT_OF_MEMORY: ended('OUT_OF_MEMORY', 'OutOfMemory'),
    NODE_FAILED: ended('NODE_FAIL', 'NodeDown'),
    PREEMPTED: ended('PREEMPTED', 'None'),
    CANCELLED: ended('CANCELLED', 'JobHeldUser'),
  },
  accounting: {
    COMPLETED: accounted('COMPLETED', '0:0'),
    FAILED: accounted('FAILED', '7:0'),
    TIMEOUT: accounted('TIMEOUT', '0:0'),
    CANCELLED: accounted('CANCELLED by 1001', '0:0'),
    OUT_OF_MEMORY: accounted('OUT_OF_MEMORY', '0:125'),
    NODE_FAILED: accounted('NODE_FAIL', '0:0'),
  },
  accepted: '812;tb\n',
  refused: [
    [
      "sbatch: error: AssocMaxSubmitJobLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)",
      'QUOTA',
    ],
    [
      'sbatch: error: QOSMaxCpuPerUserLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy',
      'QUOTA',
    ],
    [
      'sbatch: error: QOSMaxWallDurationPerJobLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy',
      'INVALID',
    ],
    ['sbatch: error: Batch job submission failed: Requested reservation is invalid', 'INVALID'],
    [
      'sbatch: error: invalid partition specified: nosuch\nsbatch: error: Batch job submission failed: Invalid partition name specified',
      'INVALID',
    ],
    ['sbatch: error: Batch job submission failed: Requested time limit is invalid (missing or exceeds some limit)', 'INVALID'],
    ['sbatch: error: Batch job submission failed: Node count specification invalid', 'INVALID'],
    ['sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified', 'INVALID'],
    [
      'sbatch: error: Memory specification can not be satisfied\nsbatch: error: Batch job submission failed: Requested node configuration is not available',
      'INVALID',
    ],
    ['sbatch: unrecognized option \'--nonsense\'\nTry "sbatch --help" for more information', 'INVALID'],
    ['sbatch: error: This does not look like a batch script.  The first', 'INVALID'],
    ['sbatch: error: Batch script contains DOS line breaks (\\r\\n)', 'INVALID'],
    ['sbatch: error: Unable to open file job.sh', 'INVALID'],
  ],
  silent: [
    'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation',
    'sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)',
    'sbatch: error: Batch job submission failed: Slurm temporarily unable to accept job, sleeping and retrying',
    'sbatch: error: Batch job submission failed: Zero Bytes were transmitted or received',
    'sbatch: error: slurm_receive_msg: Connection reset by peer',
  ],
  foreignLine: 'slurm_load_jobs: what is this',
})

describe('a queue of Slurm', () => {
  const { read } = slurm.queue(who)

  it('may hold names with anything in them', () => {
    const { rows, complete } = read(
      saying(`${line('2|COMPLETED|1|2|c1|None|a') + line('3|PENDING|1|N/A||None|b')}c\nd\n${queued('RUNNING', 'None', '5')}`),
    )
    expect(complete).toBe(true)
    expect(rows.map(({ name }) => name)).toEqual(['a', 'b\nc\nd', TOKEN])
  })

  it('may hold jobs of several parts, and arrays, that people submitted: they are no reason to doubt the listing', () => {
    const others = ['12+0', '12+1', '30_7'].map((id) => line(`${id}|PENDING|1|N/A||Resources|by hand`)).join('')
    const { rows, complete } = read(saying(others + queued('RUNNING', 'None', '5')))
    expect(complete).toBe(true)
    expect(rows.map(({ nativeId }) => nativeId)).toEqual(['12+0', '12+1', '30_7', '812'])
  })

  it('tells of jobs in partitions that are hidden, and of array members one by one', () => {
    const { argv } = slurm.queue(who)
    expect(argv.slice(argv.indexOf('squeue'), argv.indexOf('squeue') + 6)).toEqual(['squeue', '-a', '-r', '-h', '-t', 'all'])
  })

  it('tells no start of a job that has not started, whatever Slurm expects', () => {
    expect(read(saying(queued('PENDING', 'Resources', '1795299999'))).rows[0]).toMatchObject({
      startedSeconds: null,
      submittedSeconds: 1795252872,
    })
  })

  it('gives an unknown word as what it is', () => {
    expect(read(saying(queued('HOVERING', 'None'))).rows[0]).toMatchObject({ state: 'unknown', raw: 'HOVERING', ending: null })
  })

  it('is not filtered by settings of the account', () => {
    const { argv } = slurm.queue(who)
    for (const name of ['SQUEUE_STATES', 'SQUEUE_NAMES', 'SLURM_CLUSTERS']) expect(argv[argv.indexOf(name) - 1]).toBe('-u')
    expect(argv).toContain('SLURM_TIME_FORMAT=%s')
  })
})

describe('the accounting of Slurm', () => {
  const question = slurm.accounting(who, 3_600)
  const rowsOf = (stdout: string) => question?.read(saying(stdout)).rows ?? []

  it('keeps the steps, where an end for want of memory may stand alone', () => {
    const steps =
      line('812.batch|FAILED|1:0|1|2|3|1|2|c1|3661824||||batch') + line('812.0|OUT_OF_MEMORY|0:125|1|2|3|1|2|c1|3240K||||python3')
    expect(rowsOf(accounted('FAILED', '1:0', steps))).toMatchObject([
      {
        ending: 'FAILED',
        exitCode: 1,
        steps: [
          { name: 'batch', ending: 'FAILED', maxRssMebibytes: 3.4921875 },
          { name: '0', ending: 'OUT_OF_MEMORY', signal: 125, maxRssMebibytes: 3.1640625 },
        ],
      },
    ])
  })

  it('keeps the records of one id apart, with the steps of each', () => {
    const first = accounted('NODE_FAIL', '0:0', line('812.batch|CANCELLED|0:15|1|2|3|1|2|c1|||||batch'))
    const second = accounted('COMPLETED', '0:0', line('812.batch|COMPLETED|0:0|1|2|3|1|2|c1|||||batch'))
    expect(rowsOf(first + second).map(({ ending, steps }) => [ending, steps.map((step) => step.ending)])).toEqual([
      ['NODE_FAILED', ['CANCELLED']],
      ['COMPLETED', ['COMPLETED']],
    ])
  })

  it('takes no record for an end whose time is not known', () => {
    const early = line(`812|COMPLETED|0:0|1795252872|1795252873|Unknown|1|2|c1||None|${TOKEN}|${TOKEN}`)
    expect(rowsOf(early)).toMatchObject([{ raw: 'COMPLETED', ending: null, endedSeconds: null }])
  })

  it('says who cancelled', () => {
    expect(rowsOf(accounted('CANCELLED by 1001', '0:0'))).toMatchObject([{ ending: 'CANCELLED', cancelledBy: '1001' }])
    // by nobody: the controller came back without its state
    expect(rowsOf(accounted('CANCELLED', '0:0'))).toMatchObject([{ ending: 'NODE_FAILED', cancelledBy: null, raw: 'CANCELLED' }])
  })

  it('that is switched off is no accounting, not an empty one', () => {
    const said = { stdout: 'Slurm accounting storage is disabled\n', stderr: '', exitCode: 1, complete: true }
    expect(question?.read(said)).toMatchObject({ complete: false, trouble: { kind: 'ACCOUNTING_DOWN' } })
  })
})

describe('directives of Slurm', () => {
  it('ask for what the job asks for', () => {
    const resources = Resources.parse({
      partition: 'long',
      account: 'proj',
      qos: 'high',
      nodes: 2,
      ranks: 8,
      threadsPerRank: 4,
      gpusPerNode: 1,
      memoryMebibytes: 4_000,
      walltimeSeconds: 86_400,
      extraDirectives: ['--constraint=haswell', '--exclusive'],
    })
    expect(directives(resources)).toEqual([
      ...['--partition=long', '--account=proj', '--qos=high', '--nodes=2', '--ntasks=8', '--cpus-per-task=4'],
      ...['--gpus-per-node=1', '--mem=4000M', '--time=1-00:00:00', '--signal=B:USR1@600', '--constraint=haswell', '--exclusive'],
    ])
  })

  it.each([
    [0.2, '00:00:01'],
    [59.5, '00:01:00'],
    [3_600, '01:00:00'],
    [86_399.1, '1-00:00:00'],
    [90_061, '1-01:01:01'],
  ])('give %d seconds as %s, never less', (seconds, text) => {
    expect(formatWalltime(seconds)).toBe(text)
  })

  it.each([
    [299, null],
    [600, 30],
    [3_600, 180],
    [86_400, 600],
  ])('warn a job of %d s when %s s are left', (walltime, early) => {
    expect(earlySignalSeconds(walltime)).toBe(early)
  })

  it('refuse what would change what a job is', () => {
    expect(() => directives(Resources.parse({ extraDirectives: ['--requeue'] }))).toThrow(PermanentError)
    expect(() => directives(Resources.parse({ extraDirectives: ['--requeue'] }))).toThrow(/"--requeue" is not one of those/)
  })
})

describe('facts of Slurm', () => {
  it('are read from its configuration', () => {
    const config =
      'AccountingStorageType   = accounting_storage/slurmdbd\nKillWait                = 2 sec\nMaxArraySize            = 10001\nMaxJobCount             = 20000\nMinJobAge               = 300 sec\nSLURM_VERSION           = 22.05.8\n'
    expect(slurm.limits.read(saying(config)).value).toEqual({
      version: '22.05.8',
      maxArraySize: 10001,
      minJobAgeSeconds: 300,
      killWaitSeconds: 2,
      accounting: true,
      maxSubmit: 20000,
    })
    expect(slurm.limits.read(saying('')).trouble).toContain('SLURM_VERSION')
  })

  it('are read from its partitions, the smallest node of each', () => {
    const sinfo =
      'short*|up|10:00|2|8|4000\nlong|down|1-00:00:00|1|16+|8000+\nlong|down|1-00:00:00|3|8|4000\nfree|up|infinite|1|4|2000\n'
    expect(slurm.partitions?.read(saying(sinfo))?.value).toEqual([
      {
        name: 'short',
        isDefault: true,
        available: true,
        maxWalltimeSeconds: 600,
        nodeCount: 2,
        coresPerNode: 8,
        memoryMebibytesPerNode: 4000,
      },
      {
        name: 'long',
        isDefault: false,
        available: false,
        maxWalltimeSeconds: 86_400,
        nodeCount: 4,
        coresPerNode: 8,
        memoryMebibytesPerNode: 4000,
      },
      {
        name: 'free',
        isDefault: false,
        available: true,
        maxWalltimeSeconds: null,
        nodeCount: 1,
        coresPerNode: 4,
        memoryMebibytesPerNode: 2000,
      },
    ])
  })

  it('are read from its reservations, but for those that are no maintenance', () => {
    const text =
      'ReservationName=maint1 StartTime=1795299999 EndTime=1795303599 Duration=01:00:00 Nodes=c[1-4] NodeCnt=4 Flags=MAINT,IGNORE_JOBS,ALL_NODES\n' +
      'ReservationName=course StartTime=1795299999 EndTime=1795303599 Nodes=c1 Flags=DAILY\n'
    expect(slurm.maintenance?.read(saying(text))?.value).toEqual([
      { name: 'maint1', fromSeconds: 1795299999, untilSeconds: 1795303599, nodes: 'c[1-4]' },
    ])
    expect(slurm.maintenance?.read(saying('No reservations in the system\n'))?.value).toEqual([])
  })

  it.each([
    ['30', 1_800],
    ['10:00', 600],
    ['1:00:00', 3_600],
    ['2-12', 216_000],
    ['2-12:30', 217_800],
    ['1-00:00:00', 86_400],
    ['infinite', null],
    ['soon', undefined],
  ])('understand the time "%s"', (text, seconds) => {
    expect(parseWalltime(text)).toBe(seconds)
  })

  it('know every word for how a job ended, and no other', () => {
    expect(meaningOf('CANCELLED by 1001').ending).toBe('CANCELLED')
    expect(meaningOf('CANCELLED+').ending).toBe('CANCELLED')
    expect(meaningOf('BOOT_FAIL').ending).toBe('NODE_FAILED')
    expect(meaningOf('DEADLINE').ending).toBe('TIMEOUT')
    expect(meaningOf('COMPLETED_OR_SO')).toEqual({ state: 'unknown', ending: null })
  })
})

describe('arrays', () => {
  it('are one submission, whose members write into folders of their own', () => {
    const { argv } = slurm.submit(TOKEN, Resources.parse({}), [0, 1, 2, 5, 7, 8])
    expect(argv).toContain('--array=0-2,5,7-8')
    expect(argv).toContain('--output=m/%a/job.out')
    expect(slurm.submit(TOKEN, Resources.parse({})).argv.join(' ')).not.toContain('--array')
  })

  it.each([
    ['11_[2-5%2]', ['11_2', '11_3', '11_4', '11_5']],
    ['11_[0,7-8]', ['11_0', '11_7', '11_8']],
    ['11_[0-1,...]', ['11_0', '11_1']],
    ['11_3', null],
    ['11', null],
  ])('are read in the accounting as %s: members that never began share a record', (record, members) => {
    expect(membersOf(record)).toEqual(members)
  })

  it('lose none of the listing for such a record', () => {
    const record = line(`11_[2-3%1]|CANCELLED by 1001|0:0|1795252872|None|1795252880|0|0|None assigned||None|${TOKEN}|${TOKEN}`)
    const reading = slurm.accounting(who, 3_600)?.read(saying(record + accounted('COMPLETED', '0:0')))
    expect(reading?.complete).toBe(true)
    expect(reading?.rows.map(({ nativeId, ending }) => `${nativeId} ${ending}`)).toEqual([
      '11_2 CANCELLED',
      '11_3 CANCELLED',
      '812 COMPLETED',
    ])
  })
})

describe('limits of the account', () => {
  const [associations, qos] = slurm.submitLimits('alice')
  const read = (question: typeof qos, stdout: string) => question?.read(saying(stdout))

  it('are those of its associations and of every QOS that has one', () => {
    expect(read(associations, 'lab||20|\nlab|long||\nother||100|500\n')).toEqual({
      value: [
        { of: 'association of lab (MaxSubmitJobs)', jobs: 20 },
        { of: 'association of other (MaxSubmitJobs)', jobs: 100 },
        { of: 'association of other (GrpSubmitJobs)', jobs: 500 },
      ],
      trouble: null,
    })
    expect(read(qos, 'normal|||\ndebug|2||\n')).toEqual({
      value: [{ of: 'QOS debug (MaxSubmitJobsPerUser)', jobs: 2 }],
      trouble: null,
    })
  })

  it('are not known from what is no answer', () => {
    expect(read(qos, 'welcome to alps\n')).toMatchObject({ value: null, trouble: expect.stringContaining('welcome to alps') })
  })
})
