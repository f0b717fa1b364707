import type { WaitingKind } from './status.ts'

type Options = { readonly cause?: unknown; readonly waitingFor?: WaitingKind }

/** What comes and goes: a lost connection, a busy server. Whoever meets it tries again after `retryAfterMs`. */
export class TransientError extends Error {
  readonly retryAfterMs: number
  /** What a job or cluster that meets it waits for; null where nobody outside waits. */
  readonly waitingFor: WaitingKind | null
  constructor(message: string, options: Options & { readonly retryAfterMs?: number } = {}) {
    super(message, { cause: options.cause })
    this.name = 'TransientError'
    this.retryAfterMs = options.retryAfterMs ?? 5_000
    this.waitingFor = options.waitingFor ?? null
  }
}

/** What no repetition mends: a wrong key, a broken document. The message says what to change. */
export class PermanentError extends Error {
  readonly waitingFor: WaitingKind | null
  constructor(message: string, options: Options = {}) {
    super(message, { cause: options.cause })
    this.name = 'PermanentError'
    this.waitingFor = options.waitingFor ?? null
  }
}
