import { PermanentError, Resources } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { keepsTheSchedulerContract, saying, TOKEN } from '../keeps-the-scheduler-contract.ts'
import { schedulerFor } from '../registry.ts'
import { directives } from './directives.ts'

const flux = schedulerFor('flux', { root: '/r' })

/** Lines of our own formats of `flux jobs`; `|` stands for the unit separator. */
const line = (text: string) => `${text.replaceAll('|', '\x1f')}\n`
const queued = (status: string, started = '') => line(`f2TRD37vP|${status}|1795252872.25|${started}||${TOKEN}`)
const over = (status: string, code: string, exception = '') =>
  line(`f2TRD37vP|${status}|${code}|1795252872.25|1795252873.5|1795252875.5|4|c1|${exception}|${TOKEN}`)

keepsTheSchedulerContract(flux, {
  id: 'f2TRD37vP',
  queue: {
    pending: queued('SCHED'),
    running: queued('RUN', '1795252873.5'),
    completing: queued('CLEANUP', '1795252873.5'),
    unknown: queued('HOVER'),
  },
  ended: {},
  accounting: {
    COMPLETED: over('COMPLETED', '0'),
    FAILED: over('FAILED', '7'),
    TIMEOUT: over('TIMEOUT', '142', 'timeout'),
    CANCELLED: over('CANCELED', '-128', 'cancel'),
    NODE_FAILED: over('FAILED', '1', 'node-failure'),
  },
  accepted: 'f2TRD37vP\n',
  refused: [
    ['flux-batch: ERROR: [Errno 22] unsatisfiable request', 'INVALID'],
    ["flux-batch: ERROR: Invalid queue 'nosuch' specified", 'INVALID'],
    ['flux-batch: ERROR: user has max active jobs', 'QUOTA'],
  ],
  silent: [
    'flux-batch: ERROR: Unable to connect to Flux: Connection refused',
    'flux-batch: ERROR: [Errno 110] Connection timed out',
  ],
  foreignLine: 'Traceback (most recent call last):',
})

describe('Flux', () => {
  it('tells signals as negative codes, and a job that never started by a code of its own', () => {
    const rows = (stdout: string) => flux.accounting({ account: 'a', tokens: [TOKEN] }, 1)?.read(saying(stdout)).rows[0]
    expect(rows(over('FAILED', '-11'))).toMatchObject({ exitCode: 0, signal: 11, elapsedSeconds: 2 })
    expect(rows(over('CANCELED', '-128'))).toMatchObject({ ending: 'CANCELLED', exitCode: 0, signal: 0 })
  })

  it('is asked for slots', () => {
    const resources = Resources.parse({
      partition: 'q',
      nodes: 2,
      ranks: 8,
      threadsPerRank: 4,
      gpusPerNode: 4,
      walltimeSeconds: 90,
    })
    expect(directives(resources)).toEqual([
      '--queue=q',
      '--nodes=2',
      '--nslots=8',
      '--cores-per-slot=4',
      '--gpus-per-slot=1',
      '--time-limit=90s',
    ])
    expect(() => directives(Resources.parse({ ranks: 3, gpusPerNode: 4 }))).toThrow(PermanentError)
  })

  it('answers only where a broker does', () => {
    expect(
      flux.limits.read(saying('commands:    \t\t0.67.0\nlibflux-core:\t\t0.67.0\nbroker:  \t\t0.67.0\n')).value?.version,
    ).toBe('0.67.0')
    expect(flux.limits.read(saying('commands:    \t\t0.67.0\n')).trouble).toContain('no broker')
  })
})
