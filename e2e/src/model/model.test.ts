import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { type Exploration, explore, TROUBLES } from './explore.ts'
import { RULES, type Rule } from './rules.ts'

/** What the platform's actions are named after, and where it is. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  submitReady: 'services/submitter/src/ready.ts',
  submit: 'services/submitter/src/submit.ts',
  claim: 'libs/cluster/src/remote/claim.sh',
  settleUnanswered: 'services/submitter/src/unanswered.ts',
  fencePredecessors: 'services/submitter/src/fence.ts',
  cancelWanted: 'services/submitter/src/cancel.ts',
  takeIn: 'services/poller/src/watching.ts',
  judgeAll: 'services/poller/src/reconciling.ts',
  fetchBatch: 'services/poller/src/fetching.ts',
  parseJob: 'services/parser/src/parse-job.ts',
  recover: 'services/recovery/src/recover.ts',
}
/** The cluster, crashes and people. */
const WORLD = /^(job \d of attempt \d |the (end|node) of |[AB] crashes$|a user cancels$)/
/** `A: submitReady starts try 1` → `submitReady`. */
const functionsIn = (action: string): readonly string[] => (/^(?:[AB]: )?(\w+(?:, \w+)*)/.exec(action)?.[1] ?? '').split(', ')

/** Each is explored once. */
const explored = new Map<string, Exploration>()
function exploration(name: keyof typeof TROUBLES): Exploration {
  const known = explored.get(name) ?? explore(TROUBLES[name])
  explored.set(name, known)
  return known
}
const NAMES = Object.keys(TROUBLES) as readonly (keyof typeof TROUBLES)[]

describe('the submission and ending protocol, in every order of events', () => {
  it.each(NAMES)(
    'executes once, follows all and believes no end without proof: %s',
    (name) => {
      const { states, counterexample } = exploration(name)
      process.stdout.write(`model, ${name}: ${states} states explored\n`)
      expect(counterexample).toBeNull()
      expect(states).toBeGreaterThan(10_000)
    },
    60_000,
  )
})

describe('what happens in the model', () => {
  it('is named after the functions that do it', async () => {
    const all = NAMES.flatMap((name) => [...exploration(name).actions])
    const named = new Set(all.filter((action) => !WORLD.test(action)).flatMap(functionsIn))
    expect([...named].sort()).toEqual(Object.keys(FUNCTIONS).sort())
    for (const [name, file] of Object.entries(FUNCTIONS)) {
      const text = await readFile(new URL(`../../../${file}`, import.meta.url), 'utf8')
      expect(text, file).toMatch(
        new RegExp(`^(export async function ${name}|async function ${name}|  const ${name}\\b|# ${name}\\.sh )`, 'm'),
      )
    }
  }, 120_000)
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
