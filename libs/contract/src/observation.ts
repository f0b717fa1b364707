import type { NativeId } from './ids.ts'
import type { Ending, WaitingKind } from './status.ts'

/** Who ran: `<scheduler id>.<restart count>`, as job.sh wrote it into the lock. */
export type Owner = string

/** Written by job.sh after its lock. Times are the compute node's clock, seconds since the epoch with fractions. */
export type StartSentinel = { readonly owner: Owner; readonly atSeconds: number; readonly host: string }

export type EndSentinel = {
  readonly owner: Owner
  readonly atSeconds: number
  readonly host: string
  /** The run's exit code; 128 + n for a signal n, as a shell says it. */
  readonly exitCode: number
  /** `exit`, `cancelled` (cancel file), `early-signal` (told to stop before the wall clock), `terminated` (SIGTERM), `inputs` (manifest did not match), `timeout` and `killed` (a pilot's word on a member). */
  readonly cause: string
  /** Outputs worth keeping, relative to the attempt's directory, with sizes at the end. */
  readonly files: readonly { readonly path: string; readonly size: number }[]
}

/** What an attempt's own directory says. The folder is the truth; the spool is only an index of it. */
export type AttemptSight = {
  /** Platform clock when the look began, ISO. */
  readonly lookedAt: string
  /** Cluster clock at the look, seconds since the epoch. */
  readonly clusterSeconds: number
  readonly exists: boolean
  readonly claims: readonly {
    readonly tryNumber: number
    readonly ageSeconds: number
    readonly said: string | null
    readonly refused: string | null
  }[]
  /** Content of job.id. */
  readonly nativeId: NativeId | null
  readonly lockOwner: Owner | null
  readonly start: StartSentinel | null
  /** The lock owner's end; an end of anybody else never stands here. */
  readonly end: EndSentinel | null
  /** Executions that lost the lock: surplus, to be cancelled. */
  readonly duplicates: readonly Owner[]
  /** Executions that found a lock of an earlier restart of the same job. */
  readonly requeued: readonly Owner[]
  readonly cancelFile: boolean
  /** Tokens of batches whose claims brought inputs here. */
  readonly broughtBy?: readonly string[]
  /** Of a member of a pilot: who decided about its ticket, the pilot that took it or `withdrawn`; null or absent: nobody has. */
  readonly ticket?: Owner | null
  /** Of a member of a pilot: that pilot has said that it begins nobody any more. */
  readonly pilotClosed?: boolean
}

/** Of a folder in which nothing has happened yet. */
export const BARE_SIGHT = {
  exists: true,
  claims: [],
  nativeId: null,
  lockOwner: null,
  start: null,
  end: null,
  duplicates: [],
  requeued: [],
  cancelFile: false,
} as const satisfies Partial<AttemptSight>

export type QueueState = 'pending' | 'running' | 'suspended' | 'completing' | 'requeued' | 'ended' | 'unknown'

/** One line of a queue listing. */
export type QueueRow = {
  readonly nativeId: NativeId
  /** The job's name: our token, or whatever other people called theirs. */
  readonly name: string
  readonly state: QueueState
  /** The scheduler's own word. */
  readonly raw: string
  readonly reason: string | null
  /** What its reason means for whoever waits; null or absent: it stands in line as jobs do. */
  readonly waits?: WaitingKind | null
  /** Cluster clock, seconds since the epoch. */
  readonly submittedSeconds: number | null
  readonly startedSeconds: number | null
  readonly nodes: string | null
  readonly restartCount: number | null
  /** For `ended`: what the word means. */
  readonly ending: Ending | null
}

/** Heads of every listing: a failed or torn one is never an empty one. */
type Listing = {
  /** Unique per listing; an absence counts once per listing. */
  readonly listingId: string
  /** Platform clock when it was begun, ISO. */
  readonly begunAt: string
  readonly clusterSeconds: number | null
  /** Exit status 0, end marker seen, every line understood. */
  readonly complete: boolean
  /** Why it is not complete. */
  readonly trouble: { readonly kind: WaitingKind; readonly said: string } | null
}

export type QueueListing = Listing & { readonly rows: readonly QueueRow[] }

export type AccountingStep = {
  /** `batch`, `extern`, `0`, … */
  readonly name: string
  readonly raw: string
  readonly ending: Ending | null
  readonly exitCode: number
  readonly signal: number
  readonly maxRssMebibytes: number | null
}

/** One record of the scheduler's accounting, with its steps. */
export type AccountingRow = {
  readonly nativeId: NativeId
  readonly name: string
  readonly comment: string | null
  readonly raw: string
  /** Null while the record is not terminal. */
  readonly ending: Ending | null
  readonly exitCode: number
  readonly signal: number
  readonly submittedSeconds: number | null
  readonly startedSeconds: number | null
  readonly endedSeconds: number | null
  readonly elapsedSeconds: number | null
  readonly coreCount: number | null
  readonly nodes: string | null
  readonly cancelledBy: string | null
  readonly reason: string | null
  readonly steps: readonly AccountingStep[]
}

export type AccountingListing = Listing & { readonly rows: readonly AccountingRow[] }

/** What became of a submission. `refused` proves that nothing was submitted; `unknown` proves nothing. */
export type SubmitAnswer =
  | { readonly kind: 'submitted'; readonly nativeId: NativeId }
  | { readonly kind: 'refused'; readonly reason: WaitingKind | 'INVALID' | 'CANCELLED'; readonly said: string }
  | { readonly kind: 'unknown'; readonly said: string }
