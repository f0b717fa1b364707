import { describe, expect, it } from 'vitest'
import { type Pace, paced, quietOf } from './pace.ts'

const MINUTE = 60_000
const LEAST = 30 * MINUTE
/** Looks at these minutes; a change at each. */
const changedAt = (...minutes: readonly number[]): Pace => {
  const pace = minutes.reduce<Pace | undefined>((before, minute) => paced(before, String(minute), minute * MINUTE), undefined)
  if (pace === undefined) throw new Error('no look')
  return pace
}
const each = (step: number, count: number) => Array.from({ length: count + 1 }, (_, index) => index * step)
const quiet = (pace: Pace, minute: number) => quietOf(pace, minute * MINUTE, LEAST) !== null

describe('a run that writes', () => {
  it('is never quiet as long as it keeps its own pace, however slow that is, once it has written', () => {
    for (const step of [1, 10, 60, 300]) {
      const looks = each(step, 40)
      for (const [index, minute] of looks.entries())
        if (index > 1) expect(quiet(changedAt(...looks.slice(0, index)), minute)).toBe(false)
    }
  })

  it('is not quiet within ten times its longest silence', () => {
    const pace = changedAt(...each(5, 30), 200)
    expect(pace.longestGapMs).toBe(50 * MINUTE)
    expect([quiet(pace, 200 + 499), quiet(pace, 200 + 501)]).toEqual([false, true])
  })

  it('is not quiet while its first long step lasts no longer than it was seen before', () => {
    const pace = changedAt(0, 5, 10, 300)
    expect(quiet(pace, 590)).toBe(false)
  })

  it('has the benefit of looks that failed', () => {
    const pace = changedAt(...each(1, 25), 25 + 180)
    expect(quiet(pace, 205 + 1_700)).toBe(false)
  })
})

describe('a run that has stopped writing', () => {
  it.each([
    ['soon, where its pace is quick and known', changedAt(...each(1, 60)), 60 + 29, 60 + 31],
    ['by its pace, where that is slow', changedAt(...each(20, 60)), 1_200 + 199, 1_200 + 201],
    ['late, where it never wrote since it is watched', changedAt(0), 119, 121],
    ['late, where it wrote a few times only', changedAt(0, 1, 2), 2 + 119, 2 + 121],
  ])('is remarked %s', (_, pace, before, after) => {
    expect([quiet(pace, before), quiet(pace, after)]).toEqual([false, true])
  })

  it('is remarked with the evidence, in the same words as long as it lasts', () => {
    const pace = changedAt(...each(1, 60))
    const said = quietOf(pace, 120 * MINUTE, LEAST)
    expect(said).toMatch(/none of its files has changed for more than 30 min; the longest silence before was 60 s, in 60 min/)
    expect(quietOf(pace, 600 * MINUTE, LEAST)).toBe(said)
  })
})
