/** The two clocks of a service. Whatever decides by time is given one, so that the same code runs in simulated time. */
export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number
  /** Milliseconds since some moment; never goes back. */
  monotonicMs(): number
}

export const systemClock: Clock = { now: () => Date.now(), monotonicMs: () => performance.now() }

/** The time as commands and evidence carry it, `offsetMs` from now. */
export const isoTime = (clock: Clock, offsetMs = 0): string => new Date(clock.now() + offsetMs).toISOString()
