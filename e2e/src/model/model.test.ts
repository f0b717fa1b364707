import { describe, expect, it } from 'vitest'
import { explore, TROUBLES } from './explore.ts'
import { RULES, type Rule } from './rules.ts'

describe('the submission and ending protocol, in every order of events', () => {
  it.each(Object.entries(TROUBLES))(
    'executes once, follows all and believes no end without proof: %s',
    (name, budget) => {
      const { states, counterexample } = explore(budget)
      process.stdout.write(`model, ${name}: ${states} states explored\n`)
      expect(counterexample).toBeNull()
      expect(states).toBeGreaterThan(10_000)
    },
    60_000,
  )
})

describe('the protocol without one of its rules', () => {
  it.each(Object.entries(RULES))(
    'has a counterexample: %s',
    (name, { shows }) => {
      const { counterexample } = explore(TROUBLES[shows], [name as Rule])
      expect(counterexample?.breaks).toMatch(/twice|follows it|same time|proof/)
      expect(counterexample?.steps.length).toBeGreaterThan(3)
    },
    60_000,
  )
})
