import type { Chance } from './virtual-time.ts'

/** What may go wrong in one trial: probabilities per occasion, times in milliseconds. */
export type Weather = {
  /** Per await of a service: `kill -9`, or a pause of minutes (a stopped process, a frozen machine). */
  readonly crash: number
  readonly pause: number
  /** Per remote command: it is not sent, its answer is lost, its script dies half-way. */
  readonly linkDown: number
  readonly answerLost: number
  readonly scriptDies: number
  /** Per sbatch: refused, silent though it is taken late, silent and never taken. */
  readonly refuses: number
  readonly takesLate: number
  /** How late at most: beyond the age at which a silent claim may be disproved, it comes when nobody waits for it. */
  readonly lateMs: number
  readonly neverTakes: number
  /** Per listing. */
  readonly listingFails: number
  readonly listingTorn: number
  readonly listingStale: number
  readonly accountingFails: number
  readonly accountingLagMs: number
  /** Per run. */
  readonly nodeFails: number
  readonly preempted: number
  readonly cancelledByAdmin: number
  readonly requeued: number
  readonly exitsBadly: number
  /** Once per trial: the scheduler comes back without its jobs and counts from 1 again. */
  readonly losesState: boolean
  /** Once per trial: the controller does not answer for so long, from so long after the beginning. */
  readonly away: { readonly fromMs: number; readonly ms: number } | null
  /** What a compute node writes is seen on the login node up to so much later. */
  readonly fileLagMs: number
  /** Per news: lost, or told twice. */
  readonly newsLost: number
  readonly newsTwice: number
  readonly hasAccounting: boolean
  /** Both replicas believe that they hold every lease, all the time. */
  readonly leasesLie: boolean
  /** Cluster clock minus platform clock. */
  readonly clockOffsetMs: number
  /** What the user asks of his jobs: those that are wanted together are posted at one moment. */
  readonly packing: 'single' | 'array' | 'pilot'
  /** Per member of a pilot: killed, and nothing else with it. */
  readonly memberKilled: number
}

/** Every trial has some kinds of trouble and lacks others, so that rare pairs meet often. */
export function weatherOf({ happens, between, pick }: Chance): Weather {
  const sometimes = (probability: number, share = 0.45) => (happens(share) ? probability * between(0.4, 1.6) : 0)
  return {
    crash: sometimes(0.012),
    pause: sometimes(0.004),
    linkDown: sometimes(0.06),
    answerLost: sometimes(0.15),
    scriptDies: sometimes(0.05),
    refuses: sometimes(0.25),
    takesLate: sometimes(0.25),
    lateMs: pick([120_000, 120_000, 600_000]),
    neverTakes: sometimes(0.2),
    listingFails: sometimes(0.2),
    listingTorn: sometimes(0.2),
    listingStale: sometimes(0.3),
    accountingFails: sometimes(0.3),
    accountingLagMs: happens(0.5) ? between(0, 40_000) : 500,
    nodeFails: sometimes(0.2),
    preempted: sometimes(0.3),
    cancelledByAdmin: sometimes(0.08, 0.2),
    requeued: sometimes(0.2),
    exitsBadly: sometimes(0.15, 0.3),
    losesState: happens(0.15),
    away: happens(0.25) ? { fromMs: between(0, 150_000), ms: between(30_000, 140_000) } : null,
    fileLagMs: pick([100, 2_000, 30_000]),
    newsLost: sometimes(0.3),
    newsTwice: sometimes(0.3),
    hasAccounting: happens(0.6),
    leasesLie: happens(0.3),
    clockOffsetMs: between(-20_000, 20_000),
    packing: pick(['single', 'single', 'array', 'pilot'] as const),
    memberKilled: sometimes(0.1),
  }
}
