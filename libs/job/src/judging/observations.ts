import type {
  AccountingListing,
  AttemptSight,
  BatchId,
  Evidence,
  NativeId,
  QueueListing,
  WaitingKind,
} from '@crystalmath/contract'
import type { End } from '../job.ts'

/** Graces and counts; scaled down in tests. */
export type Patience = {
  /** How long a non-zero end waits for the scheduler's word on the cause. */
  readonly causeMs: number
  /** Distinct complete listings that must miss a job. */
  readonly absences: number
  /** And at least so long since the first of them. */
  readonly absenceMs: number
  /** How long a scheduler's terminal state waits for a sentinel that a slow file system may still hide. */
  readonly sentinelMs: number
  /** Age of a silent claim, by the cluster's clock, before two complete listings may disprove it. */
  readonly claimSeconds: number
}
export const PATIENCE: Patience = { causeMs: 60_000, absences: 3, absenceMs: 60_000, sentinelMs: 60_000, claimSeconds: 180 }

/** What is known of one attempt at one moment. Each part may be missing: not asked, or not answered. */
export type Observations = {
  /** Platform clock, ISO. */
  readonly at: string
  readonly sight: AttemptSight | null
  readonly queue: QueueListing | null
  readonly accounting: AccountingListing | null
  /** Whether the cluster keeps accounting at all. */
  readonly hasAccounting: boolean
}

/** What follows from observations. `nothing` is a fine answer. */
export type Judgement =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'alive'
      readonly status: 'pending' | 'running'
      readonly nativeId: NativeId | null
      readonly startedAt: string | null
      readonly reason: string | null
      /** What that reason means for whoever waits; null or absent: nothing but standing in line. */
      readonly waits?: WaitingKind | null
      readonly evidence: Evidence
    }
  | { readonly kind: 'ended'; readonly end: End; readonly nativeId: NativeId | null }
  /** A complete listing that should have shown it did not. */
  | { readonly kind: 'missed'; readonly listingId: string }
  /** Its pilot is over and has not begun it: its ticket is to be withdrawn. */
  | { readonly kind: 'recall'; readonly evidence: Evidence }
  /** Its ticket is withdrawn: no pilot can begin it. */
  | { readonly kind: 'given-back'; readonly batch: BatchId; readonly evidence: Evidence }
  /** Proof that a silent try submitted nothing. */
  | { readonly kind: 'never-submitted'; readonly tryNumber: number; readonly evidence: Evidence }
  /** Something is over, but whose word is still to come; look again at `until`. */
  | { readonly kind: 'wait'; readonly for: 'cause' | 'sentinel' | 'accounting'; readonly because: string; readonly until: string }
