import { describe, expect, it } from 'vitest'
import { openRateLimit } from './rate-limit.ts'

describe('the rate limit', () => {
  it('lets a burst through, then as many as the rate allows, each caller for himself', () => {
    const limit = openRateLimit({ perSecond: 10, burst: 3 })
    const passed = (caller: string, nowMs: number): boolean => {
      try {
        limit.take(caller, nowMs)
        return true
      } catch {
        return false
      }
    }
    expect([0, 0, 0, 0].map((now) => passed('a', now))).toEqual([true, true, true, false])
    expect(passed('b', 0)).toBe(true)
    expect(passed('a', 99)).toBe(false)
    expect(passed('a', 101)).toBe(true)
    expect(passed('a', 102)).toBe(false)
  })
})
