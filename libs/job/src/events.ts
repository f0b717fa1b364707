import type {
  CampaignId,
  ClusterName,
  CodeName,
  Diagnosis,
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
  SubmitAnswer,
  UserId,
  WaitingFor,
} from '@crystalmath/contract'
import type { End, Origin } from './job.ts'

/** Facts of one job. `JobSubmitted`, `OutputParsed` and `RecoveryRequested` go on the bus as they are; of the others the bus hears `StateChanged`, when the status moved. */
export type JobEvent =
  /** A user posted the job; nothing has been sent anywhere. */
  | {
      readonly type: 'JobPosted'
      readonly at: string
      readonly id: JobId
      readonly projectId: ProjectId
      readonly userId: UserId
      readonly campaignId: CampaignId | null
      readonly cluster: ClusterName
      readonly code: CodeName
      readonly name: string
      readonly request: Omit<JobRequest, 'structure'>
      readonly structureHash: string | null
      /** What it computes, whatever the version of its code; null or absent: not known. */
      readonly calculationHash?: string | null
      /** What it begins with where something was estimated; absent: what the request says. */
      readonly inForce?: {
        readonly parameters: Readonly<Record<string, unknown>>
        readonly resources: Resources
        readonly estimate: Estimate | null
      }
    }
  /** A next attempt is wanted, by a rule or by a user. */
  | {
      readonly type: 'AttemptDerived'
      readonly at: string
      readonly attempt: number
      readonly origin: Origin
      /** The geometry it begins from: the last one, or one that an earlier attempt reached. */
      readonly structureHash: string | null
      readonly parameters: Readonly<Record<string, unknown>>
      readonly resources: Resources
      /** Whether the last attempt must be proved over first. */
      readonly fence: boolean
    }
  /** Somebody wants the attempt over, but one of its tries was disproved by silence alone and may still come to the queue: it is fenced first. */
  | { readonly type: 'FencingBegun'; readonly at: string; readonly attempt: number }
  /** While it was being fenced, the attempt was found to have finished well: it is the job's present attempt again, and this its end. */
  | {
      readonly type: 'LateEndAdopted'
      readonly at: string
      readonly attempt: number
      readonly nativeId: NativeId | null
      readonly end: End
    }
  /** The attempt that was fenced is proved over. */
  | { readonly type: 'AttemptFenced'; readonly at: string; readonly fenced: number; readonly evidence: Evidence }
  /** The intent: from now on this try may have reached the cluster. */
  | {
      readonly type: 'SubmissionStarted'
      readonly at: string
      readonly tryNumber: number
      readonly nonce: string
      readonly keep: readonly string[]
      readonly parse: string
      /** Absent or null: it goes alone. */
      readonly batch?: Membership | null
    }
  /** What the claim said, or what a look-up found out about it. */
  | {
      readonly type: 'SubmissionAnswered'
      readonly at: string
      readonly tryNumber: number
      readonly answer: SubmitAnswer
      readonly evidence: Evidence
      /** It was silent, and silence disproved it: `sbatch` may still bring it, later than anybody waits. */
      readonly bySilence?: true
    }
  /** Seen in the queue or by its start sentinel. */
  | {
      readonly type: 'Seen'
      readonly at: string
      readonly status: 'pending' | 'running'
      readonly nativeId: NativeId | null
      readonly startedAt: string | null
      /** Why it pends, where the scheduler says more than that it stands in line. */
      readonly waitingFor?: WaitingFor | null
      readonly evidence: Evidence
    }
  /** Its pilot is over and has not begun it, as far as can be seen: whoever writes on the cluster withdraws its ticket. */
  | { readonly type: 'Recalled'; readonly at: string; readonly evidence: Evidence }
  /** Its ticket is withdrawn: no pilot can begin it any more. It waits as before it was sent, in the same attempt. */
  | { readonly type: 'GivenBack'; readonly at: string; readonly evidence: Evidence }
  /** A complete listing that should have shown it did not. */
  | { readonly type: 'Missed'; readonly at: string; readonly listingId: string }
  /** The end is proved; outputs are still on the cluster. */
  | { readonly type: 'EndObserved'; readonly at: string; readonly end: End }
  /** Kept outputs are in the store, or known to be missing. */
  | {
      readonly type: 'AttemptEnded'
      readonly at: string
      readonly files: readonly { readonly path: string; readonly size: number }[]
      readonly missing: readonly string[]
    }
  /** The result is stored. */
  | { readonly type: 'OutputParsed'; readonly at: string; readonly resultId: string; readonly summary: ResultSummary }
  | { readonly type: 'RecoveryRequested'; readonly at: string; readonly diagnosis: Diagnosis }
  | { readonly type: 'JobCompleted'; readonly at: string; readonly evidence: Evidence }
  | {
      readonly type: 'JobFailed'
      readonly at: string
      readonly verdict: string
      readonly evidence: Evidence
      /** Why nothing was ever run. Absent after a run: recovery was asked for with what was diagnosed. */
      readonly diagnosis?: Diagnosis
    }
  | { readonly type: 'JobCancelled'; readonly at: string; readonly evidence: Evidence }
  | { readonly type: 'CancelRequested'; readonly at: string; readonly by: string }
  | { readonly type: 'Held'; readonly at: string; readonly hold: Hold }
  | { readonly type: 'Released'; readonly at: string; readonly by: string }
  /** The scheduler's own hold was set on a pending job, or taken off. */
  | { readonly type: 'QueueHoldSet'; readonly at: string; readonly held: boolean; readonly evidence: Evidence }
  /** What it waits for now, and when to look again; null: for nothing. */
  | { readonly type: 'Waited'; readonly at: string; readonly waitingFor: WaitingFor | null; readonly nextActionAt: string | null }
  /** The job before it is completed: from now on it may be submitted. */
  | { readonly type: 'LetGo'; readonly at: string; readonly structureHash?: string }
