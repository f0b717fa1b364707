/** What comes and goes: a lost connection, a busy server. Whoever meets it tries again after `retryAfterMs`. */
export class TransientError extends Error {
  readonly retryAfterMs: number
  constructor(message: string, options: { readonly retryAfterMs?: number; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'TransientError'
    this.retryAfterMs = options.retryAfterMs ?? 5_000
  }
}

/** What no repetition mends: a wrong key, a broken document. The message says what to change. */
export class PermanentError extends Error {
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'PermanentError'
  }
}
