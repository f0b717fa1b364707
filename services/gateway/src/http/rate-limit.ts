import { HttpProblem } from './problem.ts'

/** A bucket of tokens per caller. In memory: with more replicas the limit is as many times higher, which is light enough. */
export function openRateLimit({ perSecond, burst }: { readonly perSecond: number; readonly burst: number }) {
  const buckets = new Map<string, { left: number; atMs: number }>()
  return {
    /** Throws 429 when the caller was too fast. */
    take(caller: string, nowMs: number): void {
      const bucket = buckets.get(caller) ?? { left: burst, atMs: nowMs }
      bucket.left = Math.min(burst, bucket.left + ((nowMs - bucket.atMs) / 1_000) * perSecond)
      bucket.atMs = nowMs
      buckets.set(caller, bucket)
      if (bucket.left < 1) {
        const detail = `more than ${perSecond} requests per second; create jobs in bulk (10 000 per call) and follow them by /v1/events`
        throw new HttpProblem({ title: 'Too many requests', status: 429, detail }, { 'retry-after': '1' })
      }
      bucket.left -= 1
      if (buckets.size > MAX_CALLERS) for (const key of [...buckets.keys()].slice(0, MAX_CALLERS / 2)) buckets.delete(key)
    },
  }
}

const MAX_CALLERS = 10_000
