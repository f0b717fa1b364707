/** Counts places: servers allow only so many sessions on one connection (MaxSessions), and say so only by refusing one. */
export type Places = {
  take(): Promise<void>
  free(): void
  /** A server refused one while `n` were open: so many it is from now on. Returns false where none was open. */
  learnRefusal(): boolean
  /** So many from now on; who has one above it keeps it. */
  set(limit: number): void
  readonly limit: () => number
  readonly used: () => number
}

export function places(most: number): Places {
  let limit = most
  let open = 0
  const waiting: (() => void)[] = []
  const next = () => {
    while (open < limit) {
      const go = waiting.shift()
      if (go === undefined) return
      open += 1
      go()
    }
  }
  return {
    take: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
        next()
      }),
    free() {
      open -= 1
      next()
    },
    learnRefusal() {
      const others = open - 1
      if (others < 1) return false
      limit = Math.min(limit, others)
      return true
    },
    set(now) {
      limit = now
      next()
    },
    limit: () => limit,
    used: () => open,
  }
}
