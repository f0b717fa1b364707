import type {
  AccountingListing,
  AttemptSight,
  BatchId,
  ClusterInventory,
  ClusterSpec,
  CodeName,
  EndSentinel,
  HandPilotSight,
  JobId,
  Membership,
  NativeId,
  PilotShape,
  Preparation,
  ProjectId,
  QueueListing,
  Resources,
  StartSentinel,
  SubmitAnswer,
  Token,
} from '@crystalmath/contract'

/** Where one attempt lives: `<root>/<project>/<job>/<attempt>/`. */
export type Place = {
  readonly project: ProjectId
  readonly jobId: JobId
  readonly attempt: number
  readonly token: Token
  /** What it went out with, and is found by in the queue; null or absent: it went alone. */
  readonly batch?: Membership | null
  /** Of earlier tries that may come late. */
  readonly lateBatches?: readonly Membership[]
}

/** Where the script of an array or a pilot lives: `<root>/.batches/<batch>/`. */
export type BatchPlace = { readonly batchId: BatchId; readonly token: Token }

/** News from the spool, as soon as the file system shows it. Hints: the attempt's folder is the truth. */
export type SentinelNews =
  | { readonly kind: 'start'; readonly token: Token; readonly start: StartSentinel }
  | { readonly kind: 'end'; readonly token: Token; readonly end: EndSentinel }
  | { readonly kind: 'duplicate' | 'requeued'; readonly token: Token; readonly owner: string }

/** One (cluster, account) over one SSH connection. Every method throws `TransientError` where the link or the scheduler is away (its message
 * names which), `PermanentError` where no repetition helps (host key changed, key refused, root of a foreign installation). */
export interface Site {
  readonly spec: ClusterSpec

  // --- the write side: under the write lease ---------------------------------------------------------------------------------------

  /** Makes `<root>` and its `.owner` for this installation and epoch; refuses a foreign one. Safe to repeat. */
  takeRoot(owner: { readonly installation: string; readonly epoch: number }): Promise<void>

  /** Sends rendered inputs, job.sh and manifest of any number of attempts in one tar stream into `.staging/<token>.<nonce>/`. */
  stage(attempts: readonly StagedAttempt[]): Promise<void>

  /** Sends an array's script with the inputs of all its members in one tar stream; its claim brings them where they belong. */
  stageBatch(batch: StagedBatch): Promise<void>

  /** Claims try n of an attempt and submits it at most once; run twice, it submits once and answers twice. Several attempts cost one remote command. */
  claim(claims: readonly Claim[]): Promise<ReadonlyMap<Token, SubmitAnswer>>

  /** What the attempt folders, the queue by name and the accounting by name say of these tokens: for lost answers and for fencing. One remote command. */
  lookUp(places: readonly Place[]): Promise<LookUp>

  /** Writes the cancel file, then cancels by name and by id. Says nothing of success: `lookUp` tells when it is over. Safe to repeat. */
  cancel(targets: readonly { readonly place: Place; readonly nativeIds: readonly NativeId[] }[]): Promise<void>

  /** Withdraws members' tickets, unless a pilot took them: who decided about each, `withdrawn` or the pilot. Safe to repeat. */
  withdraw(places: readonly Place[]): Promise<ReadonlyMap<Token, string>>

  /** Brings the scripts of pilots that people start to where they are missing, and tells what each pilot says. */
  tendPilots(pilots: readonly HandPilotPlan[]): Promise<ReadonlyMap<BatchId, HandPilotSight>>

  /** The scheduler's own hold and its release. */
  setHold(nativeId: NativeId, held: boolean): Promise<void>

  // --- the read side: under the read lease -----------------------------------------------------------------------------------------

  /** The whole queue of the account, one scheduler command. Never throws: trouble is in the listing. */
  listQueue(): Promise<QueueListing>

  /** Accounting of jobs that left the queue, by name, bounded in time. Never throws; `trouble.kind` ACCOUNTING_DOWN where there is none. */
  listAccounting(tokens: readonly Token[], sinceSeconds: number): Promise<AccountingListing>

  /** What attempt folders say, many in one remote command. */
  look(places: readonly Place[]): Promise<ReadonlyMap<Token, AttemptSight>>

  /** A word for each attempt folder that changes when any of its files does; one remote command for 500. */
  signs(places: readonly Place[]): Promise<ReadonlyMap<Token, string>>

  /** One long-lived remote watcher; resolves when it is running. `onNews` gets what is in the spool already, then what comes. Rejects `done` when the link is lost. */
  watch(onNews: (news: readonly SentinelNews[]) => void, signal: AbortSignal): Promise<{ readonly done: Promise<void> }>

  /** Kept outputs of several attempts as tar entries, one stream for many. Attempts are handed over once, as they arrive, when their sizes match
   * the end sentinel's list, after 120 s as they are: nobody waits for another one's slow file system. POTCAR, POT_*, PSCTR are refused. */
  fetch(wanted: readonly Wanted[], onFetched: OnFetched): Promise<void>

  /** Moves the attempt's sentinels in the spool to done/<day>/, once its outputs are stored. */
  settleSpool(tokens: readonly Token[]): Promise<void>

  /** Files of one attempt with sizes and times. */
  listFiles(place: Place): Promise<readonly { readonly path: string; readonly size: number; readonly modifiedSeconds: number }[]>

  /** The last bytes of a file of a running attempt. */
  tail(place: Place, path: string, bytes: number): Promise<Uint8Array>

  /** The doctor: every item of the inventory with severity, evidence and mend. `dryRun` submits a trivial job too. */
  check(options: { readonly dryRun: boolean }): Promise<ClusterInventory>

  /** Counts since the connection was made: for the budget and for benchmarks. */
  counts(): { readonly connections: number; readonly remoteCommands: number; readonly schedulerCommands: number }

  close(): Promise<void>
}

export type StagedAttempt = {
  readonly place: Place
  readonly nonce: string
  readonly preparation: Preparation
  readonly resources: Resources
  /** Whose set-up and executables the cluster's spec gives. */
  readonly code: CodeName
  readonly jobName: string
  /** Artefacts of earlier attempts of the same job to copy in (not link), from attempt → to this one. */
  readonly copies: readonly { readonly fromAttempt: number; readonly from: string; readonly to: string }[]
}

export type StagedBatch = {
  readonly place: BatchPlace
  readonly nonce: string
  readonly members: readonly (StagedAttempt & { readonly index: number; readonly tryNumber: number })[]
  /** Null: an array. */
  readonly pilot: PilotShape | null
  /** The living pilot that the members are fed to: they get tickets of that one. */
  readonly into?: BatchId
}

/** A pilot that a person starts inside an allocation of his own. */
export type HandPilotPlan = { readonly id: BatchId; readonly member: Resources; readonly maxJobs: number | null }

export type Claim = {
  readonly place: Place | BatchPlace
  readonly tryNumber: number
  readonly nonce: string
  readonly resources: Resources
  /** Of an array: its members. */
  readonly indexes?: readonly number[]
  /** Nothing is submitted: the members are offered to this pilot, whose id is the answer. Refused where it begins nobody any more. */
  readonly into?: BatchId
}

export type LookUp = {
  readonly sights: ReadonlyMap<Token, AttemptSight>
  /** `squeue -a -t all` by name. */
  readonly queue: QueueListing
  /** `sacct -X -D` by name. */
  readonly accounting: AccountingListing
}

export type Wanted = {
  readonly place: Place
  /** Globs of outputs to keep. */
  readonly keep: readonly string[]
  /** From the end sentinel; null where there is none: then what is there is taken. */
  readonly files: EndSentinel['files'] | null
}

/** What came of one attempt: contents by path. */
export type Fetched = { readonly token: Token; readonly contents: ReadonlyMap<string, Uint8Array>; readonly report: FetchReport }
export type OnFetched = (fetched: readonly Fetched[]) => Promise<void>

export type FetchReport = {
  readonly files: readonly { readonly path: string; readonly size: number }[]
  /** In the sentinel's list, not there or of another size after the wait. */
  readonly missing: readonly string[]
  readonly refused: readonly string[]
}
