import { isDeepStrictEqual } from 'node:util'
import type { LearntLimit, SubmitAnswer, WaitingKind } from '@crystalmath/contract'

/** Refusals that the next job would meet as well. Those of one job alone (its inputs, its wall clock) press nobody else. */
const PRESSING: readonly WaitingKind[] = ['QUOTA', 'QUEUE_FULL', 'DISK_FULL', 'MAINTENANCE', 'SCHEDULER_DOWN', 'BUDGET']

/** Those of them that are the account's, and hold for whoever serves it next; the others pass. */
const OF_THE_ACCOUNT: readonly WaitingKind[] = ['QUOTA', 'QUEUE_FULL']

/** Why no more is sent to a cluster now. */
export type Pressing = { readonly kind: WaitingKind; readonly because: string }

/** What the scheduler takes of one account, learnt from what it refused. */
export type Pressure = {
  /** How many more jobs may be sent while so many of ours are in flight; infinite where nothing was refused. */
  room(inFlight: number, nowMs: number): number
  /** After a batch was answered. `inFlight` as it is then. */
  heard(answers: readonly SubmitAnswer[], inFlight: number, nowMs: number): void
  /** What refused is seen to be over: one job is tried at once, then ever more. */
  tryNow(nowMs: number): void
  /** Null: nothing holds jobs back. */
  present(): Pressing | null
  /** The limit of the account, where it changed since the last call: null where there is none any more, undefined where nothing changed. */
  news(): LearntLimit | null | undefined
}

type Limit = Pressing & { readonly inFlight: number; readonly step: number; readonly probeAtMs: number }

/** As many jobs as were in flight at the refusal are kept there: each that ends makes room for another, and every `retryMs` one more is tried, then two, four, …
 * `learnt`: what somebody before found; it is tried at once whether it still holds. */
export function openPressure(retryMs: number, batch: number, learnt: LearntLimit | null = null): Pressure {
  let limit: Limit | null = learnt === null ? null : { ...learnt, probeAtMs: Number.NEGATIVE_INFINITY }
  let told = learnt
  return {
    room: (inFlight, nowMs) =>
      limit === null
        ? Number.POSITIVE_INFINITY
        : Math.max(0, limit.inFlight - inFlight) + (nowMs >= limit.probeAtMs ? limit.step : 0),
    heard(answers, inFlight, nowMs) {
      const refusal = answers.map(pressingOf).find((pressing) => pressing !== null)
      if (refusal !== undefined) limit = { ...refusal, inFlight, step: 1, probeAtMs: nowMs + retryMs }
      else if (limit !== null && inFlight > limit.inFlight && answers.some(({ kind }) => kind === 'submitted'))
        limit = 2 * limit.step > batch ? null : { ...limit, inFlight, step: 2 * limit.step, probeAtMs: nowMs }
    },
    tryNow(nowMs) {
      if (limit !== null) limit = { ...limit, probeAtMs: nowMs }
    },
    present: () => limit,
    news() {
      const now = limitOf(limit)
      if (isDeepStrictEqual(now, told)) return undefined
      told = now
      return now
    },
  }
}

const limitOf = (limit: Limit | null): LearntLimit | null =>
  limit !== null && OF_THE_ACCOUNT.includes(limit.kind)
    ? { kind: limit.kind, because: limit.because, inFlight: limit.inFlight, step: limit.step }
    : null

function pressingOf(answer: SubmitAnswer): Pressing | null {
  if (answer.kind !== 'refused') return null
  const kind = PRESSING.find((one) => one === answer.reason)
  return kind === undefined ? null : { kind, because: answer.said }
}

/** Whether what refused one job refuses the next as well. */
export const isPressing = (answer: SubmitAnswer): boolean => pressingOf(answer) !== null
