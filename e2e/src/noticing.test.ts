import { JobId } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { lastNoticedSeconds } from './noticing.ts'

const HEALED = 1_000_000
const idOf = (index: number) => JobId.parse(`01890a5d-ac96-774b-bcce-b302099a80${(0x10 + index).toString(16)}`)
const isoOf = (seconds: number) => new Date(HEALED + seconds * 1_000).toISOString()
/** Seconds from recovery: taken by the scheduler, ended by the ledger, end noticed. */
const job = (index: number, sent: number, noticed: number) => ({
  id: idOf(index),
  attempt: 1,
  submittedAt: isoOf(sent),
  endObservedAt: isoOf(noticed),
})
const end = (index: number, seconds: number) =>
  ({ what: 'end', job: idOf(index), attempt: 1, nativeId: '1', atSeconds: HEALED / 1_000 + seconds }) as const

describe('how soon the last job was noticed', () => {
  it('counts from recovery, or from the end of the run that came later', () => {
    expect(lastNoticedSeconds([job(0, -9, 2)], [end(0, -3)], HEALED)).toBe(2)
    expect(lastNoticedSeconds([job(0, -9, 12)], [end(0, 11)], HEALED)).toBe(1)
    expect(lastNoticedSeconds([job(0, 4, 12)], [end(0, 11)], HEALED)).toBe(4)
    expect(lastNoticedSeconds([job(0, -9, -2)], [end(0, -3)], HEALED)).toBeNull()
  })
  it('counts from the end that made room where a quota lets only so many into the queue', () => {
    const jobs = [job(0, -9, 1), job(1, -8, 11), job(2, 3, 20), job(3, 13, 20)]
    const ends = [end(0, 0.5), end(1, 10), end(2, 19.5), end(3, 19.5)]
    // the third went 2.5 s after the first had ended, the fourth 3 s after the second
    expect(lastNoticedSeconds(jobs, ends, HEALED, { room: 2 })).toBe(3)
    expect(lastNoticedSeconds(jobs, ends, HEALED)).toBe(13)
  })
})
