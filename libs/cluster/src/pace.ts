/** Lets so many a minute through. */
export type Pace = {
  /** Waits until so many more may be asked, after those who asked before. */
  take(count: number): Promise<void>
  set(perMinute: number): void
  readonly perMinute: () => number
}

export type PaceClock = { readonly now: () => number; readonly sleep: (ms: number) => Promise<void> }

const CLOCK: PaceClock = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

/** After a rest a third of a minute's may come at once: a turn asks several things one after the other. */
export function openPace(perMinute: number, { now, sleep }: PaceClock = CLOCK): Pace {
  let rate = perMinute
  const burst = () => Math.max(1, rate / 3)
  let left = burst()
  let at = now()
  let queue = Promise.resolve()
  const refill = () => {
    left = Math.min(burst(), left + ((now() - at) * rate) / 60_000)
    at = now()
  }
  const pass = async (count: number) => {
    // more than may ever come at once goes alone, and is waited off by whoever comes next
    for (refill(); left < Math.min(count, burst()); refill())
      await sleep(Math.max(1, ((Math.min(count, burst()) - left) * 60_000) / rate))
    left -= count
  }
  return {
    take(count) {
      queue = queue.then(() => pass(count))
      return queue
    },
    set(perMinute) {
      refill()
      rate = perMinute
    },
    perMinute: () => rate,
  }
}
