import { writesOf } from '@crystalmath/codes'
import type { Diagnosis, Ending } from '@crystalmath/contract'
import { JobRequest } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import { describe, expect, it } from 'vitest'
import { planNext } from './plan.ts'

const { structure: _, ...request } = JobRequest.parse({ project: 'p', cluster: 'c', code: 'script' })
const ORIGIN = { rule: 'first', because: '', changes: [], copies: [], altered: false }

/** A job whose attempts so far came to these ends, the last of them now. */
function after(
  ends: readonly (readonly [Ending, Diagnosis['kind']])[],
  strategy: 'RETRY' | 'FAIL_FAST' | 'ADAPTIVE' = 'RETRY',
  code: 'script' | 'quantum-espresso' | 'vasp' | 'orca' | 'crystal' = 'script',
) {
  const past = ends.map(([ending, diagnosis], i) => ({ attempt: i + 1, ending, diagnosis, origin: ORIGIN }))
  const [ending, kind] = ends.at(-1) ?? ['COMPLETED', 'UNKNOWN_FAILURE']
  const job = {
    attempt: ends.length,
    past: past.slice(0, -1),
    origin: ORIGIN,
    parameters: {},
    resources: request.resources,
    request: { ...request, recovery: { ...request.recovery, strategy, maxAttempts: 3 } },
    end: { ending },
  } as unknown as Job
  const diagnosis = { kind, message: kind, evidence: { file: 'sacct', line: null, text: '' } }
  return planNext({ job, diagnosis, result: null, structure: null, left: [], cluster: null, writes: writesOf(code) })
}
const FAILED = ['FAILED', 'UNKNOWN_FAILURE'] as const
const UNBEGUN = ['NODE_FAILED', 'NEVER_STARTED'] as const
const PREEMPTED = ['PREEMPTED', 'PREEMPTED'] as const
const many = <T>(count: number, one: T): readonly T[] => Array.from({ length: count }, () => one)

describe('attempts', () => {
  it('are as many as the job allows', () => {
    expect(after([FAILED, FAILED])).toMatchObject({ kind: 'next', origin: { rule: 'retry' } })
    expect(after([FAILED, FAILED, FAILED])).toMatchObject({ kind: 'give-up', verdict: expect.stringContaining('3 of 3') })
  })
  it('do not count that no node began: a scheduler that lost its state gives ids which its nodes refuse', () => {
    expect(after(many(20, UNBEGUN))).toMatchObject({ kind: 'next', origin: { rule: 'relaunch' } })
    expect(after([...many(5, UNBEGUN), FAILED, FAILED])).toMatchObject({ kind: 'next', origin: { rule: 'retry' } })
    expect(after([FAILED, ...many(5, UNBEGUN), FAILED, FAILED])).toMatchObject({ verdict: expect.stringContaining('3 of 3') })
  })
  it.each(['quantum-espresso', 'vasp', 'orca', 'crystal'] as const)(
    'of %s begin anew where a node or a more urgent job killed them, and nothing is left to go on from',
    (code) => {
      for (const end of [
        ['NODE_FAILED', 'NODE_FAILURE'],
        ['PREEMPTED', 'PREEMPTED'],
      ] as const)
        expect(after([end], 'ADAPTIVE', code)).toMatchObject({
          kind: 'next',
          origin: { because: expect.stringContaining('from scratch'), copies: [] },
        })
    },
  )
  it('do not count that were preempted, for as long as that goes on within reason', () => {
    expect(after(many(20, PREEMPTED))).toMatchObject({ kind: 'next' })
    expect(after([...many(8, PREEMPTED), FAILED])).toMatchObject({ kind: 'next' })
    expect(after(many(30, PREEMPTED))).toMatchObject({ kind: 'give-up' })
  })
  it('end where no node ever begins one', () => {
    expect(after(many(21, UNBEGUN))).toMatchObject({ verdict: expect.stringContaining('no node began it, the last of 21 times') })
    expect(after([UNBEGUN], 'FAIL_FAST')).toMatchObject({ kind: 'give-up' })
  })
})
