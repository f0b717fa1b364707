import { describe, expect, it } from 'vitest'
import { waitsOf } from './reasons.ts'

describe('why Slurm lets a job pend', () => {
  it.each([
    ['ReqNodeNotAvail, Reserved for maintenance', 'MAINTENANCE'],
    ['ReqNodeNotAvail,_Reserved_for_maintenance', 'MAINTENANCE'],
    ['PartitionDown', 'MAINTENANCE'],
    ['QOSMaxJobsPerUserLimit', 'QUOTA'],
    ['AssocGrpCPUMinutesLimit', 'QUOTA'],
    ['QOSGrpCpuLimit', 'QUOTA'],
    ['AssocMaxJobsLimit', 'QUOTA'],
    ['JobHeldAdmin', 'OTHER'],
  ] as const)('%s is waiting for %s', (reason, kind) => {
    expect(waitsOf(reason)).toBe(kind)
  })
  it.each([null, 'None', 'Priority', 'Resources', 'BeginTime', 'JobHeldUser', 'ReqNodeNotAvail, UnavailableNodes:c1'])(
    '%s is standing in line, or our own doing, or not ours to name',
    (reason) => {
      expect(waitsOf(reason)).toBeNull()
    },
  )
})
