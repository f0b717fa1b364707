import { PermanentError, Resources } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { keepsTheSchedulerContract, saying, TOKEN } from '../keeps-the-scheduler-contract.ts'
import { schedulerFor } from '../registry.ts'

const local = schedulerFor('local', { root: '/scratch/cm' })

/** As the queue's program prints them; `|` stands for the unit separator. */
const line = (state: string, exit = '0|0', ended = '1795252874', name: string = TOKEN) =>
  `812|${state}|${exit}|1795252872|1795252873|${ended}|2||${name}\n`.replaceAll('|', '\x1f')

keepsTheSchedulerContract(local, {
  id: '812',
  queue: {
    pending: `812|PENDING|0|0|1795252872|||2|Resources|${TOKEN}\n`.replaceAll('|', '\x1f'),
    running: line('RUNNING', '0|0', ''),
    unknown: line('HOVERING'),
  },
  ended: {
    COMPLETED: line('COMPLETED'),
    FAILED: line('FAILED', '7|0'),
    TIMEOUT: line('TIMEOUT', '0|15'),
    CANCELLED: line('CANCELLED', '0|15'),
    NODE_FAILED: line('NODE_FAIL'),
  },
  accounting: { COMPLETED: line('COMPLETED'), FAILED: line('FAILED', '7|0'), TIMEOUT: line('TIMEOUT', '0|15') },
  accepted: '812\n',
  refused: [
    ['queue: refused: no script /x/job.sh', 'INVALID'],
    ['queue: refused: nothing can be written', 'DISK_FULL'],
  ],
  silent: ['timed out'],
  foreignLine: 'sh: 0: cannot open queue.sh',
})

describe('the local queue', () => {
  it('lists only what was asked for by name', () => {
    const { rows } = local
      .queue({ account: 'alice', tokens: [TOKEN] })
      .read(saying(line('RUNNING') + line('RUNNING', '0|0', '', 'other')))
    expect(rows.map(({ name }) => name)).toEqual([TOKEN])
  })

  it('has one node', () => {
    expect(() => local.submit(TOKEN, Resources.parse({ nodes: 2 }))).toThrow(PermanentError)
  })

  it('asks for cores, seconds, and a warning before their end', () => {
    const { argv } = local.submit(TOKEN, Resources.parse({ ranks: 4, threadsPerRank: 2, walltimeSeconds: 3_600 }))
    expect(argv).toEqual(['sh', '/scratch/cm/.queue/queue.sh', 'submit', TOKEN, '8', '3600', '180', 'job.sh'])
  })
})
