import { describe, expect, it } from 'vitest'
import { MUTATIONS, type Mutation } from './mutations.ts'
import { runTrial } from './trial.ts'
import { faultsOf } from './verdict.ts'

describe('the submission and ending protocol, simulated', () => {
  it('doubles, loses and misjudges nothing in 300 seeded trials', async () => {
    const failures: string[] = []
    for (let seed = 1; seed <= 300; seed += 1)
      for (const line of faultsOf(await runTrial({ seed }))) failures.push(`seed ${seed}: ${line}`)
    expect(failures).toEqual([])
  }, 180_000)

  it.each([
    ['a scheduler that lost its state: records that never end do not hold the next attempt up for ever', { losesState: true }],
    ['two replicas that send the same inputs again: none is claimed half sent', { leasesLie: true, linkDown: 0.3 }],
    ['preempted runs whose accounting ends before they do', { preempted: 0.5, hasAccounting: true, listingFails: 0.4 }],
    ['a slow file system without accounting', { fileLagMs: 30_000, hasAccounting: false, requeued: 0.3 }],
  ] as const)(
    'copes with %s',
    async (_, weather) => {
      const failures: string[] = []
      for (let seed = 1; seed <= 30; seed += 1)
        for (const line of faultsOf(await runTrial({ seed, weather }))) failures.push(`seed ${seed}: ${line}`)
      expect(failures).toEqual([])
    },
    180_000,
  )

  it('plays a seed twice alike', async () => {
    const once = await runTrial({ seed: 8, tracing: true })
    const twice = await runTrial({ seed: 8, tracing: true })
    expect(once.lines.length).toBeGreaterThan(20)
    expect(withoutIds(twice.lines)).toEqual(withoutIds(once.lines))
  })
})

/** Each id by the order in which it turns up: batches get ids that nobody can know beforehand. */
function withoutIds(lines: readonly string[]): readonly string[] {
  const ids: string[] = []
  const numberOf = (id: string) => (ids.includes(id) ? ids.indexOf(id) : ids.push(id) - 1)
  return lines.map((line) => line.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => `id ${numberOf(id)}`))
}

describe('a copy without one of the rules', () => {
  it.each(Object.entries(MUTATIONS))(
    'is caught within 200 trials: %s',
    async (name, { weather }) => {
      let caught: number | null = null
      for (let seed = 1; seed <= 200 && caught === null; seed += 1) {
        if (faultsOf(await runTrial({ seed, weather, broken: [name as Mutation] })).length > 0) caught = seed
      }
      expect(caught).not.toBeNull()
      // it is the lack of the rule that was caught, not the weather
      expect(faultsOf(await runTrial({ seed: caught ?? 0, weather }))).toEqual([])
    },
    180_000,
  )
})
