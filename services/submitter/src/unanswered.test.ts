import { describe, expect, it } from 'vitest'
import { secondsUntilLook } from './unanswered.ts'

/** Moments of look-ups of one silent try, seconds after its intent. */
function looks(settings: Parameters<typeof secondsUntilLook>[1], until: number): readonly number[] {
  const moments = [settings.UNANSWERED_SECONDS]
  for (let last = settings.UNANSWERED_SECONDS; last < until; moments.push(last)) last += secondsUntilLook(last, settings)
  return moments
}

describe('look-ups of a silent try', () => {
  it('become rare, and come when its claim is old enough to be disproved, and soon again', () => {
    expect(looks({ UNANSWERED_SECONDS: 15, CLAIM_SECONDS: 180 }, 250)).toEqual([15, 30, 60, 120, 180, 183, 198, 213, 243, 303])
    expect(looks({ UNANSWERED_SECONDS: 4, CLAIM_SECONDS: 35 }, 50)).toEqual([4, 8, 16, 32, 38, 42, 46, 54])
  })
})
