import { writesOf } from '@crystalmath/codes'
import { describe, expect, it } from 'vitest'
import { rulesFor } from './rules.ts'

const code = 'quantum-espresso' as const
const remedies = writesOf(code)?.remedies ?? {}
const [diagnosis = ''] = Object.entries(remedies).find(([, rules]) => rules.some(({ effect }) => effect === 'path')) ?? []
const known = remedies[diagnosis] ?? []
const first = known[0]

describe('the rules for a diagnosis', () => {
  it('are those of the code, in their order', async () => {
    const rules = await rulesFor({ code, diagnosis, usedBefore: [], next: null, effects: ['none', 'path', 'numerics', 'model'] })
    expect(rules.map(({ name }) => name)).toEqual(known.map(({ name }) => name))
    expect(rules.every(({ verdict }) => verdict === 'may be used')).toBe(true)
  })

  it('are told as used up, as not allowed, or as the one that made the next attempt', async () => {
    if (first === undefined) throw new TypeError('the code has no rule to test with')
    const usedBefore = Array<string>(first.limit).fill(first.name)
    const all = ['none', 'path', 'numerics', 'model'] as const
    const verdictOf = async (more: object) =>
      (await rulesFor({ code, diagnosis, usedBefore: [], next: null, effects: all, ...more }))[0]?.verdict
    expect(await verdictOf({ usedBefore })).toBe('used up')
    expect(await verdictOf({ effects: [] })).toBe('not allowed by the job')
    expect(await verdictOf({ next: first.name })).toBe('made the next attempt')
  })

  it('are none for what no rule is known', async () => {
    expect(await rulesFor({ code, diagnosis: 'NO_SUCH_KIND', usedBefore: [], next: null, effects: [] })).toEqual([])
  })
})
