import { setTimeout as delay } from 'node:timers/promises'
import { inspect } from 'node:util'

/** How long to wait, and what to say when it was in vain. */
export type Wait = {
  readonly timeoutMs?: number
  /** Between two checks. */
  readonly everyMs?: number
  /** First line of the failure; what was seen last, or thrown last, follows. */
  readonly onTimeout?: string | (() => string | Promise<string>)
}

/** Repeats `check` until it returns something truthy, and returns that. What it throws counts as "not yet" and is shown at the end. */
export async function waitUntil<T>(check: () => T | Promise<T>, wait: Wait = {}): Promise<T> {
  const { timeoutMs = 10_000, everyMs = 25, onTimeout = 'a condition was not met' } = wait
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const { seen, thrown } = await attempt(check)
    if (thrown === undefined && seen) return seen
    if (performance.now() >= deadline) {
      const because = typeof onTimeout === 'string' ? onTimeout : await onTimeout()
      const last =
        thrown === undefined
          ? `last seen: ${inspect(seen, { depth: 5 })}`
          : `last thrown: ${inspect(thrown, { depth: 2 }).split('\n')[0]}`
      throw new Error(`${because} (waited ${timeoutMs} ms; ${last})`, { cause: thrown })
    }
    await delay(everyMs)
  }
}

type Attempt<T> = { readonly seen: T; readonly thrown?: undefined } | { readonly seen?: undefined; readonly thrown: unknown }

async function attempt<T>(check: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return { seen: await check() }
  } catch (error) {
    return { thrown: error ?? new Error('nothing was thrown') }
  }
}
