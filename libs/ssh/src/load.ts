import { BUDGET_MOST, type Budgeted } from '@crystalmath/contract'
import { type Places, places } from './places.ts'

/** What a link does at once, and who is told how the server bears it. */
export type LinkLoad = {
  /** Sessions. */
  readonly channels: Places
  /** Streams of inputs and of outputs, which are sessions, too. */
  readonly transfers: Places
  heard(what: Loaded, how: Bearing): void
}

export type Loaded = Extract<Budgeted, 'channels' | 'transfers'>

/** An answer came, did not come in time, or a session was refused: then `channels.limit()` is how many were open. */
export type Bearing = 'fine' | 'late' | 'refused'

/** As much as we ever want, of which nobody is told. */
export const ampleLoad = (): LinkLoad => ({
  channels: places(BUDGET_MOST.channels),
  transfers: places(BUDGET_MOST.transfers),
  heard: () => undefined,
})
