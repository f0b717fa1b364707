import { PermanentError, TransientError } from '@crystalmath/contract'

/** What a handler says of a message. `retry` is for faults of our own; any other waiting is `nextActionAt` in the store and an ack. */
export type Outcome =
  | { readonly kind: 'ack' }
  | { readonly kind: 'retry'; readonly afterMs: number; readonly because: string }
  | { readonly kind: 'reject'; readonly because: string }

export const ack: Outcome = { kind: 'ack' }
export const retry = (afterMs: number, because: string): Outcome => ({ kind: 'retry', afterMs, because })
export const reject = (because: string): Outcome => ({ kind: 'reject', because })

/** After so many deliveries a bug makes a dead letter. */
export const MAX_DELIVERIES = 5

export const backoffMs = (deliveries: number): number => Math.min(60_000, 500 * 2 ** deliveries)

export type OnBug = (error: unknown, deliveries: number) => void

/** Runs one handler on one message. What it cannot handle stays the trouble of this message alone. */
export async function settle(handle: () => Promise<Outcome>, deliveries: number, onBug: OnBug): Promise<Outcome> {
  try {
    return await handle()
  } catch (error) {
    if (error instanceof TransientError) return retry(error.retryAfterMs, error.message)
    if (error instanceof PermanentError) return reject(error.message)
    onBug(error, deliveries)
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return deliveries < MAX_DELIVERIES ? retry(backoffMs(deliveries), stack) : reject(stack)
  }
}
