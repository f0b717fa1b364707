/** Work in order, one after the other, while the next is prepared: `next` waits for the one before, not for its own. What failed is thrown by the next call. */
export function inTurn<T>(work: (some: T) => Promise<void>) {
  let running: Promise<void> = Promise.resolve()
  return {
    async next(some: T): Promise<void> {
      await running
      running = work(some)
      running.catch(() => undefined) // whoever calls next hears of it
    },
    done: (): Promise<void> => running,
  }
}
