import { describe, expect, it } from 'vitest'
import { illnessOf } from './illness.ts'

const finding = (item: string, severity: 'ok' | 'warning' | 'error') => ({ item, severity, evidence: 'seen', mend: 'do this' })

describe('the doctor’s word on a cluster', () => {
  it('keeps jobs from being sent where something that all need is missing, and says what', () => {
    expect(illnessOf({ findings: [finding('CLOCK', 'warning'), finding('SCHEDULER', 'error')] })).toEqual({
      kind: 'SCHEDULER_DOWN',
      because: 'cluster check, SCHEDULER: seen; do this',
    })
    expect(illnessOf({ findings: [finding('FREE_SPACE', 'error')] })).toMatchObject({ kind: 'DISK_FULL' })
  })
  it('keeps nothing from being sent for warnings, or for what one code lacks on the login node', () => {
    expect(illnessOf({ findings: [finding('ACCOUNTING', 'warning'), finding('CODE vasp', 'error')] })).toBeNull()
  })
})
