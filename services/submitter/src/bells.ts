/** News wakes the loop of a cluster; what the loop then finds in the store is the truth. */
export type Bells = {
  ring(cluster: string): void
  /** Calls `wake` at each ring until the signal. */
  listen(cluster: string, wake: () => void, signal: AbortSignal): void
}

export function openBells(): Bells {
  const listeners = new Map<string, Set<() => void>>()
  return {
    ring: (cluster) => {
      for (const wake of listeners.get(cluster) ?? []) wake()
    },
    listen: (cluster, wake, signal) => {
      const set = listeners.get(cluster) ?? new Set()
      listeners.set(cluster, set.add(wake))
      signal.addEventListener('abort', () => set.delete(wake), { once: true })
    },
  }
}
