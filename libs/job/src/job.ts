import type {
  CampaignId,
  ClusterName,
  CodeName,
  Ending,
  Estimate,
  Evidence,
  Hold,
  JobId,
  JobRequest,
  Membership,
  NativeId,
  ProjectId,
  Resources,
  ResultSummary,
  Status,
  UserId,
  WaitingFor,
} from '@crystalmath/contract'

/** One setting that a remedy changed. */
export type Change = { readonly path: string; readonly from: unknown; readonly to: unknown }

/** Why there is an attempt, and what it begins from. */
export type Origin = {
  /** `submitted`, or the remedy's name, or `retried by <user>`. */
  readonly rule: string
  readonly because: string
  readonly changes: readonly Change[]
  /** Artefacts of an earlier attempt to copy in. */
  readonly copies: readonly { readonly fromAttempt: number; readonly from: string; readonly to: string }[]
  /** Whether what is computed changed (effects `numerics`, `model`): such results stay out of fits and default exports. */
  readonly altered: boolean
}

/** What remains of an attempt that is over. */
export type PastAttempt = {
  readonly attempt: number
  readonly origin: Origin
  readonly nativeId: NativeId | null
  /** Absent or null: it went out alone. */
  readonly batch?: Membership | null
  readonly lateBatches?: readonly Membership[]
  readonly ending: Ending | null
  readonly exitCode: number | null
  readonly endedAt: string | null
  readonly resultId: string | null
  readonly diagnosis: string | null
  /** What its outputs are, should it turn out to have finished after all; absent in attempts of earlier releases. */
  readonly keeping?: Job['keeping']
  readonly tryNumber?: number
  readonly structureHash: string | null
  readonly parameters: Readonly<Record<string, unknown>>
  readonly resources: Resources
}

/** How the end was proved. */
export type End = {
  readonly ending: Ending
  readonly exitCode: number | null
  /** When the run began; null where nothing says that it ever did. */
  readonly startedAt: string | null
  /** `sentinel`: exit 0 by the owner's own word; `scheduler`: its terminal state; `exit-code`: without the scheduler's word; `absence`. */
  readonly provedBy: 'sentinel' | 'scheduler' | 'exit-code' | 'absence'
  readonly evidence: Evidence
  /** Platform clock, ISO. */
  readonly observedAt: string
}

/** What this release reads: a job that a later one wrote with a higher `minReader` is left alone. */
export const READER = 1

/** A job as it is stored. Everything above `version` never changes. */
export type Job = {
  readonly id: JobId
  readonly schemaVersion: 1
  readonly minReader: 1
  readonly projectId: ProjectId
  readonly userId: UserId
  readonly campaignId: CampaignId | null
  readonly cluster: ClusterName
  readonly code: CodeName
  readonly name: string
  /** As posted; the structure lies in `structures` under its hash. */
  readonly request: Omit<JobRequest, 'structure'>
  readonly createdAt: string
  /** What it computes, whatever the version of its code; null or absent: not known. */
  readonly calculationHash?: string | null

  /** Grows by one with every write. */
  readonly version: number
  readonly status: Status
  readonly attempt: number
  readonly origin: Origin
  /** The geometry that the present attempt begins from. */
  readonly structureHash: string | null
  /** Settings in force: the request's with the changes of remedies. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly resources: Resources
  /** What of the resources was estimated when it was posted; absent or null: nothing. */
  readonly estimate?: Estimate | null
  /** The try that has started, 0 before the first. */
  readonly tryNumber: number
  readonly nonce: string | null
  /** Globs of outputs to keep, and what of them the parser reads; null before the first try. */
  readonly keeping: { readonly keep: readonly string[]; readonly parse: string } | null
  /** Platform clock of the last try's intent. */
  readonly claimedAt: string | null
  readonly nativeId: NativeId | null
  /** The array or pilot that the present try is part of; absent or null: it goes alone. */
  readonly batch?: Membership | null
  /** Batches of earlier tries of this attempt that silence disproved: those may come late. */
  readonly lateBatches?: readonly Membership[]
  /** Its pilot is over, and it has not begun: its ticket is to be withdrawn. */
  readonly recalled?: boolean
  /** A batch with it was refused: from now on it goes alone. */
  readonly alone?: boolean
  readonly submittedAt: string | null
  readonly startedAt: string | null
  /** Distinct complete listings, begun after the last positive sight, that did not show the job. */
  readonly absences: readonly string[]
  /** Platform clock of the first of them; null while there is none. */
  readonly missingSince: string | null
  /** Platform clock of the last proof that the attempt exists (an answer, a row, a sentinel). */
  readonly lastSeenAt: string | null
  /** Set once the end is judged; the status follows when the outputs are stored. */
  readonly end: End | null
  /** What the present state rests on. */
  readonly evidence: Evidence
  readonly cancelRequested: { readonly by: string; readonly at: string } | null
  /** The attempt that must be proved over before anything else: an earlier one, or the present one of a job that nobody wants any more. */
  readonly fencing: number | null
  /** A try of the present attempt was disproved by silence alone, so that it may still come to the queue; absent: no. */
  readonly mayComeLate?: boolean
  readonly holds: readonly Hold[]
  /** Whether the scheduler's own hold is set on the pending job; absent: no. */
  readonly heldInQueue?: boolean
  readonly waitingFor: WaitingFor | null
  /** When a sweep should look at it; null: nobody waits. ISO. */
  readonly nextActionAt: string | null
  /** Kept outputs of the present attempt. */
  readonly outputs: {
    readonly files: readonly { readonly path: string; readonly size: number }[]
    readonly missing: readonly string[]
  } | null
  readonly resultId: string | null
  readonly summary: ResultSummary | null
  /** One sentence on why it failed, was cancelled, or what was repaired. */
  readonly verdict: string | null
  readonly diagnosis: string | null
  readonly past: readonly PastAttempt[]
  readonly updatedAt: string
}

/** What judging looks at, and what a judgement may change. Of fifty thousand jobs that is read at each tick, and no more. */
export type LiveJob = Pick<
  Job,
  | ('id' | 'projectId' | 'status' | 'attempt' | 'tryNumber' | 'nativeId' | 'batch' | 'lateBatches' | 'recalled' | 'mayComeLate')
  | (
      | 'createdAt'
      | 'claimedAt'
      | 'submittedAt'
      | 'startedAt'
      | 'lastSeenAt'
      | 'absences'
      | 'missingSince'
      | 'end'
      | 'waitingFor'
      | 'cancelRequested'
    )
>

/** The rules by which its attempts were made, the present one's last. */
export const rulesOf = ({ past, origin }: Pick<Job, 'past' | 'origin'>): readonly string[] => [
  ...past.map((attempt) => attempt.origin.rule),
  origin.rule,
]
