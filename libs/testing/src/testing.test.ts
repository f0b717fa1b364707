import { describe, expect, it } from 'vitest'
import { specFor } from './spec-for.ts'
import { waitUntil } from './wait-until.ts'

describe('waitUntil', () => {
  it('returns the first truthy answer and takes exceptions for "not yet"', async () => {
    const answers = [() => null, () => Promise.reject(new Error('away')), () => 'here']
    await expect(waitUntil(() => answers.shift()?.(), { everyMs: 1 })).resolves.toBe('here')
  })

  it('says what it saw last', async () => {
    const waiting = waitUntil(() => ({ jobs: 3 }).jobs === 4, {
      timeoutMs: 5,
      everyMs: 1,
      onTimeout: 'the fourth job did not come',
    })
    await expect(waiting).rejects.toThrow('the fourth job did not come (waited 5 ms; last seen: false)')
  })

  it('says what was thrown last', async () => {
    const waiting = waitUntil(() => Promise.reject(new Error('refused')), { timeoutMs: 5, everyMs: 1 })
    await expect(waiting).rejects.toThrow('last thrown: Error: refused')
  })
})

describe('specFor', () => {
  type Count = { readonly n: number }
  const counter = {
    decide: (command: 'add' | 'nothing', state: Count) => (command === 'add' ? [{ to: state.n + 1 }] : []),
    evolve: (_: Count, event: { to: number }): Count => ({ n: event.to }),
    initialState: { n: 0 },
  }
  const given = specFor<Count, 'add' | 'nothing', { to: number }>(counter)

  it('folds the past before it decides', () => given({ to: 4 }).when('add').then({ to: 5 }))
  it('takes the empty list for "nothing follows"', () => given().when('nothing').then())
  it('fails when something else is decided', () => expect(() => given().when('add').then({ to: 9 })).toThrow())
  it('fails when deciding changes the state', () => {
    const decide = (_: string, state: { n: number }) => {
      state.n += 1
      return [{ to: state.n }]
    }
    const careless = { ...counter, decide, evolve: (_: { n: number }, event: { to: number }) => ({ n: event.to }) }
    const spec = specFor<{ n: number }, string, { to: number }>(careless)
    expect(() => spec({ to: 4 }).when('add').then({ to: 5 })).toThrow('must change neither')
  })
})
