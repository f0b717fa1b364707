import { NativeId, type SubmitAnswer } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { openPressure } from './pressure.ts'

const taken: SubmitAnswer = { kind: 'submitted', nativeId: NativeId.parse('1') }
const quota: SubmitAnswer = { kind: 'refused', reason: 'QUOTA', said: 'QOSMaxSubmitJobPerUserLimit' }
const BATCH = 25
const RETRY_MS = 30_000

describe('what a scheduler takes', () => {
  it('is without limit until it refuses', () => {
    const pressure = openPressure(RETRY_MS, BATCH)
    expect(pressure.room(900, 0)).toBe(Number.POSITIVE_INFINITY)
    pressure.heard([taken, taken], 902, 0)
    expect(pressure.room(902, 0)).toBe(Number.POSITIVE_INFINITY)
    expect(pressure.present()).toBeNull()
  })

  it('is nothing more after a refusal, until something ended', () => {
    const pressure = openPressure(RETRY_MS, BATCH)
    pressure.heard([taken, taken, quota, quota], 5, 0)
    expect(pressure.present()).toMatchObject({ kind: 'QUOTA', because: 'QOSMaxSubmitJobPerUserLimit' })
    expect(pressure.room(5, 1_000)).toBe(0)
    expect(pressure.room(3, 1_000)).toBe(2)
  })

  it('is tried with one job when the time came, with ever more while they are taken, and is unlimited again', () => {
    const pressure = openPressure(RETRY_MS, BATCH)
    pressure.heard([quota], 5, 0)
    expect(pressure.room(5, RETRY_MS)).toBe(1)
    const rooms: number[] = []
    for (let inFlight = 5; pressure.present() !== null; ) {
      const room = pressure.room(inFlight, RETRY_MS)
      rooms.push(room)
      inFlight += room
      pressure.heard(Array<SubmitAnswer>(room).fill(taken), inFlight, RETRY_MS)
    }
    expect(rooms).toEqual([1, 2, 4, 8, 16])
  })

  it('is known to whoever takes over, who tries at once whether it still holds', () => {
    const before = openPressure(RETRY_MS, BATCH)
    expect(before.news()).toBeUndefined()
    before.heard([taken, quota], 5, 0)
    const learnt = before.news()
    expect(learnt).toEqual({ kind: 'QUOTA', because: 'QOSMaxSubmitJobPerUserLimit', inFlight: 5, step: 1 })
    expect(before.news()).toBeUndefined()
    const after = openPressure(RETRY_MS, BATCH, learnt)
    expect([after.room(5, 0), after.room(3, 0), after.news()]).toEqual([1, 3, undefined])
    after.heard([quota], 5, 0)
    expect([after.room(5, 1_000), after.room(5, RETRY_MS)]).toEqual([0, 1])
  })

  it('passes with a scheduler that is away: that is no limit of the account', () => {
    const pressure = openPressure(RETRY_MS, BATCH)
    pressure.heard([{ kind: 'refused', reason: 'SCHEDULER_DOWN', said: 'connect failure' }], 5, 0)
    expect(pressure.news()).toBeUndefined()
  })

  it('is no less after what concerns one job alone, or after silence', () => {
    const pressure = openPressure(RETRY_MS, BATCH)
    pressure.heard([{ kind: 'refused', reason: 'INVALID', said: 'no such partition' }], 5, 0)
    pressure.heard([{ kind: 'unknown', said: 'no answer' }], 5, 0)
    expect(pressure.room(5, 0)).toBe(Number.POSITIVE_INFINITY)
  })
})
