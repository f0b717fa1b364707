import { describe, expect, it } from 'vitest'
import { openPace } from './pace.ts'

/** A clock that sleeping moves. */
function clock() {
  let ms = 0
  return {
    now: () => ms,
    sleep: async (some: number) => {
      ms += some
    },
  }
}

describe('questions to a scheduler', () => {
  it('come a third of a minute`s at once, then at their rate, and in the order in which they were asked', async () => {
    const time = clock()
    const pace = openPace(60, time)
    const at: number[] = []
    await Promise.all(Array.from({ length: 23 }, () => pace.take(1).then(() => at.push(Math.round(time.now() / 1_000)))))
    expect(at).toEqual([...Array.from({ length: 20 }, () => 0), 1, 2, 3])
  })
  it('come more rarely as soon as they are told to', async () => {
    const time = clock()
    const pace = openPace(60, time)
    await pace.take(20)
    pace.set(6)
    await pace.take(1)
    expect(time.now()).toBeCloseTo(10_000)
  })
  it('that are more than ever may come at once are waited off by the next', async () => {
    const time = clock()
    const pace = openPace(6, time)
    await pace.take(5)
    expect(time.now()).toBe(0)
    await pace.take(1)
    expect(time.now()).toBeCloseTo(40_000)
  })
})
