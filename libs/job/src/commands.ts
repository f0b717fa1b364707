import type {
  Diagnosis,
  Evidence,
  Hold,
  Membership,
  NativeId,
  Resources,
  ResultSummary,
  Status,
  SubmitAnswer,
  WaitingFor,
} from '@crystalmath/contract'
import type { JobEvent } from './events.ts'
import type { Change, End, Origin } from './job.ts'
import type { Judgement } from './judging/observations.ts'

/** Each carries the platform's time; what concerns an attempt names it, so that late news is recognised. */
export type Command = { readonly at: string } & (
  | {
      readonly type: 'PostJob'
      readonly posted: Omit<Extract<JobEvent, { type: 'JobPosted' }>, 'type' | 'at'>
      /** Its result is stored already: it was run elsewhere, or another job computed the same. It is over at once and nothing is sent. */
      readonly adopted?: {
        readonly resultId: string
        readonly summary: ResultSummary
        /** Null for a good completion. */
        readonly diagnosis: Diagnosis | null
        readonly said: string
      }
    }
  | {
      readonly type: 'StartSubmission'
      readonly attempt: number
      readonly nonce: string
      /** Globs of outputs to keep, and what of them the parser reads. */
      readonly keep: readonly string[]
      readonly parse: string
      /** The array or pilot that it goes out with, whose document is stored already; null or absent: it goes alone. */
      readonly batch?: Membership | null
    }
  | {
      readonly type: 'RecordAnswer'
      readonly attempt: number
      readonly tryNumber: number
      readonly answer: SubmitAnswer
      readonly evidence: Evidence
      /** Of a refusal for good: what it is called, and in one sentence what helps. Absent: only the refusal's own words are known. */
      readonly cause?: { readonly diagnosis: Diagnosis; readonly verdict: string }
      /** For a refusal or silence: when to try or to look again. */
      readonly nextActionAt: string
    }
  /** Nobody has found out what became of a silent try: when to look again. */
  | { readonly type: 'AwaitAnswer'; readonly attempt: number; readonly tryNumber: number; readonly nextActionAt: string }
  | { readonly type: 'RecordJudgement'; readonly attempt: number; readonly judgement: Judgement }
  | {
      readonly type: 'RecordOutputs'
      readonly attempt: number
      readonly files: readonly { readonly path: string; readonly size: number }[]
      readonly missing: readonly string[]
    }
  | {
      readonly type: 'RecordResult'
      readonly attempt: number
      readonly resultId: string
      readonly summary: ResultSummary
      /** Null: a good completion. Else the first cause. */
      readonly diagnosis: Diagnosis | null
    }
  | {
      readonly type: 'DeriveAttempt'
      readonly attempt: number
      readonly origin: Origin
      readonly structureHash: string | null
      readonly parameters: Readonly<Record<string, unknown>>
      readonly resources: Resources
    }
  /** The attempt that is being fenced finished well, by its owner's own word. */
  | { readonly type: 'AdoptLate'; readonly attempt: number; readonly nativeId: NativeId | null; readonly end: End }
  | { readonly type: 'RecordFence'; readonly fenced: number; readonly evidence: Evidence }
  | {
      readonly type: 'GiveUp'
      readonly attempt: number
      readonly verdict: string
      readonly evidence: Evidence
      readonly diagnosis?: Diagnosis
    }
  | { readonly type: 'RequestCancel'; readonly by: string }
  | {
      readonly type: 'Retry'
      readonly by: string
      readonly changes: readonly Change[]
      /** With the changes made; absent: as they were. */
      readonly parameters?: Readonly<Record<string, unknown>>
      readonly resources?: Resources
    }
  | { readonly type: 'PutOnHold'; readonly hold: Hold }
  /** `onlyExpired`: nothing is done while a hold stands that has no end, or one after `at`. */
  | { readonly type: 'Release'; readonly by: string; readonly onlyExpired?: boolean }
  /** The scheduler took our hold, or gave it back. */
  | { readonly type: 'RecordQueueHold'; readonly attempt: number; readonly held: boolean; readonly evidence: Evidence }
  /** The job before it is completed. `structureHash`: the geometry that it hands over; absent: its own stays. */
  | { readonly type: 'LetGo'; readonly structureHash?: string | undefined }
  /** `during`: nothing is done in any other status. */
  | {
      readonly type: 'Wait'
      readonly during?: Status
      readonly waitingFor: WaitingFor | null
      readonly nextActionAt: string | null
    }
)
