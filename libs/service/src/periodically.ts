/** Runs work again and again, `ms` after each end, at once when `wake` is called, until the signal. Errors go to `onError`; the loop goes on. */
export function periodically(
  ms: number,
  work: () => Promise<void>,
  onError: (error: unknown) => void,
  signal: AbortSignal,
): { readonly wake: () => void; readonly done: Promise<void> } {
  let wakeUp: (() => void) | undefined
  let woken = false
  const wake = () => {
    woken = true
    wakeUp?.()
  }
  const rest = () =>
    new Promise<void>((resolve) => {
      if (woken || signal.aborted) return resolve()
      const timer = setTimeout(finish, ms)
      function finish() {
        clearTimeout(timer)
        signal.removeEventListener('abort', finish)
        wakeUp = undefined
        resolve()
      }
      wakeUp = finish
      signal.addEventListener('abort', finish, { once: true })
    })
  const turn = async () => {
    while (!signal.aborted) {
      woken = false
      await work().catch(onError)
      await rest()
    }
  }
  return { wake, done: turn() }
}
