import { emptyResult } from '@crystalmath/codes'
import type { Diagnosis, Ending } from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import { describe, expect, it } from 'vitest'
import { firstCause } from './first-cause.ts'

const AT = '2026-11-21T10:00:00.000Z'
const jobThat = (ending: Ending, startedAt: string | null = AT) =>
  ({
    startedAt,
    end: { ending, exitCode: 1, evidence: { source: 'sacct', said: `1 ${ending}`, at: AT, clock: 'cluster' } },
  }) as unknown as Job
const good = { ...emptyResult('quantum-espresso'), termination: 'normal' as const, electronicConverged: true }
const cause = (kind: string): Diagnosis => ({ kind, message: kind, evidence: { file: 'pw.out', line: 1, text: kind } })

describe('the first cause', () => {
  it('is none for a run that ended by its own will, whole and converged', () => {
    expect(firstCause(jobThat('COMPLETED'), good, null)).toBeNull()
  })
  it.each([
    ['no remedy of what is allowed', ['none', 'path'], 'fcc', [], null],
    ['a remedy that may be tried', ['none', 'path', 'model'], 'fcc', [], 'LARGE_SIGMA'],
    ['no remedy that was not tried', ['model'], 'narrow-smearing', ['narrow-smearing', 'narrow-smearing'], null],
  ] as const)('of a converged run is advice only where it has %s', (_, effects, rule, past, kind) => {
    const job = {
      ...jobThat('COMPLETED'),
      ...{ code: 'vasp', attempt: 1 + past.length, origin: { rule }, past: past.map((one) => ({ origin: { rule: one } })) },
      request: { recovery: { strategy: 'ADAPTIVE', maxAttempts: 5, effects } },
    } as unknown as Job
    const advised = { ...good, diagnoses: [cause('LARGE_SIGMA')] }
    expect(firstCause(job, advised, null)?.kind ?? null).toBe(kind)
    expect(firstCause(job, { ...advised, electronicConverged: false }, null)?.kind).toBe('LARGE_SIGMA')
    expect(firstCause(job, { ...good, diagnoses: [cause('WRONG_ELECTRON_COUNT')] }, null)?.kind).toBe('WRONG_ELECTRON_COUNT')
  })
  it('is what stopped a run before advice about its numbers', () => {
    const result = { ...good, termination: 'truncated', diagnoses: [cause('LARGE_SIGMA'), cause('OUTPUT_INCOMPLETE')] } as const
    expect(firstCause(jobThat('COMPLETED'), result as never, null)?.kind).toBe('OUTPUT_INCOMPLETE')
    expect(
      firstCause(jobThat('COMPLETED'), { ...result, diagnoses: [cause('POTIM'), cause('OUTPUT_INCOMPLETE')] } as never, null)
        ?.kind,
    ).toBe('POTIM')
  })
  it('is the scheduler`s word before what cut-off outputs say', () => {
    expect(firstCause(jobThat('OUT_OF_MEMORY'), { ...good, diagnoses: [cause('OUTPUT_INCOMPLETE')] }, null)?.kind).toBe(
      'OUT_OF_MEMORY',
    )
  })
  it.each([
    ['a node that failed under it', AT, 'NODE_FAILURE'],
    ['that it never began, where its node refused it', null, 'NEVER_STARTED'],
  ] as const)('is %s', (_, startedAt, kind) => {
    const job = jobThat('NODE_FAILED', startedAt)
    const refused = { ...job, end: { ...job.end, provedBy: 'scheduler', startedAt } } as Job
    expect(firstCause(refused, { ...good, diagnoses: [cause('OUTPUT_INCOMPLETE')] }, null)?.kind).toBe(kind)
  })
  it('is what the batch system wrote before what the code says', () => {
    const result = { ...good, diagnoses: [cause('OUTPUT_INCOMPLETE')] }
    expect(firstCause(jobThat('FAILED'), result, cause('SEGMENTATION_FAULT'))?.kind).toBe('SEGMENTATION_FAULT')
  })
  it('is what the program said before the signal that ended it', () => {
    const result = { ...good, termination: 'error' as const, diagnoses: [cause('CHARGE_IS_WRONG')] }
    expect(firstCause(jobThat('FAILED'), result, cause('SEGMENTATION_FAULT'))?.kind).toBe('CHARGE_IS_WRONG')
    expect(firstCause(jobThat('FAILED'), result, cause('DISK_FULL'))?.kind).toBe('DISK_FULL')
  })
  it('is that it never began, where nothing says that it did', () => {
    const result = { ...emptyResult('quantum-espresso'), diagnoses: [cause('OUTPUT_UNREADABLE')] }
    expect(firstCause(jobThat('FAILED', null), result, null)?.kind).toBe('NEVER_STARTED')
  })
  it.each([
    [{ termination: 'truncated' }, 'OUTPUT_INCOMPLETE'],
    [{ termination: 'error' }, 'UNKNOWN_FAILURE'],
    [{ electronicConverged: false }, 'ELECTRONIC_NOT_CONVERGED'],
    [{ ionicConverged: false }, 'IONIC_NOT_CONVERGED'],
  ] as const)('is found behind an exit status of 0: %o is %s', (said, kind) => {
    expect(firstCause(jobThat('COMPLETED'), { ...good, ...said }, null)?.kind).toBe(kind)
  })
  it('says so where nobody knows one', () => {
    expect(firstCause(jobThat('FAILED'), good, null)).toMatchObject({ kind: 'UNKNOWN_FAILURE' })
  })
})
