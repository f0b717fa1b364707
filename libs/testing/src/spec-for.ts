import { expect } from 'vitest'

/** A pure aggregate: what follows from a command, and what a fact changes. */
export type Decider<State, Command, Event> = {
  decide(command: Command, state: State): readonly Event[]
  evolve(state: State, event: Event): State
  /** The state before any event; a function where each test needs its own. */
  readonly initialState: State
}

/** `given(…past).when(command).then(…facts)`: folds the past, compares what is decided, and proves that deciding changed nothing. */
export const specFor =
  <State, Command, Event>({ decide, evolve, initialState }: Decider<State, Command, Event>) =>
  (...past: readonly Event[]) => ({
    when: (command: Command) => {
      const run = () => {
        const state = past.reduce(evolve, initialState)
        const before = structuredClone({ state, command })
        const facts = decide(command, state)
        expect({ state, command }, 'deciding must change neither the state nor the command').toEqual(before)
        return facts
      }
      return {
        // biome-ignore lint/suspicious/noThenProperty: given, when, then; nobody awaits it
        then: (...facts: readonly Event[]) => expect(run()).toEqual(facts),
        thenThrows: (message: string | RegExp) => expect(run).toThrow(message),
      }
    },
    /** What the past amounts to. */
    is: (state: State) => expect(past.reduce(evolve, initialState)).toEqual(state),
  })
