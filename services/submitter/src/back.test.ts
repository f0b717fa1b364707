import type { SubmitAnswer } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { askWhetherBack } from './back.ts'
import { openPressure } from './pressure.ts'

const down: SubmitAnswer = { kind: 'refused', reason: 'SCHEDULER_DOWN', said: 'not tried' }
const quota: SubmitAnswer = { kind: 'refused', reason: 'QUOTA', said: 'AssocMaxSubmitJobLimit' }

/** A submitter under pressure by these answers, and a scheduler that answers or not. */
function under(answer: SubmitAnswer) {
  let nowMs = 0
  let isBack = false
  let questions = 0
  const pressure = openPressure(30_000, 25)
  pressure.heard([answer], 5, 0)
  const work = {
    pressure,
    config: { REFUSED_RETRY_SECONDS: 30 },
    lastAsked: new Map<string, number>(),
    clock: { monotonicMs: () => nowMs },
    duty: {
      log: { info: () => undefined },
      site: {
        listQueue: async () => {
          questions += 1
          return { complete: isBack }
        },
      },
    },
  } as never
  return {
    pressure,
    questions: () => questions,
    async at(ms: number, back = false) {
      nowMs = ms
      isBack = back
      await askWhetherBack(work)
    },
  }
}

describe('a scheduler that did not answer', () => {
  it('is asked every few seconds, and sent to again as soon as it is back', async () => {
    const { pressure, questions, at } = under(down)
    for (const ms of [0, 1_000, 2_000, 3_000, 4_000, 5_999]) await at(ms)
    expect(questions()).toBe(2)
    expect(pressure.room(5, 5_999)).toBe(0)
    await at(6_000, true)
    expect(pressure.room(5, 6_000)).toBe(1)
    pressure.heard([{ kind: 'submitted' } as SubmitAnswer], 6, 6_000)
    expect(pressure.room(6, 6_000)).toBe(2)
  })
  it('is left to the wait of a refusal where it answers and takes no job all the same', async () => {
    const { pressure, at } = under(down)
    await at(0, true)
    expect(pressure.room(5, 0)).toBe(1)
    pressure.heard([down], 5, 1_000)
    for (const ms of [4_000, 10_000, 20_000]) await at(ms, true)
    expect(pressure.room(5, 20_000)).toBe(0)
    // seen away and back, it is another outage
    await at(23_000)
    await at(26_000, true)
    expect(pressure.room(5, 26_000)).toBe(1)
  })
  it('is another one than one that refuses for a quota', async () => {
    const { pressure, questions, at } = under(quota)
    await at(20_000, true)
    expect(questions()).toBe(0)
    expect(pressure.room(5, 20_000)).toBe(0)
  })
})
