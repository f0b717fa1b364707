import type {
  AccountingListing,
  NativeId,
  Partition,
  QueueListing,
  Resources,
  SchedulerName,
  SubmitAnswer,
  SubmitLimit,
  Token,
} from '@crystalmath/contract'

/** What a remote command said. `complete: false`: torn; then nothing in it counts. */
export type Said = {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number | null
  readonly complete: boolean
}

/** One scheduler command in words, and how its answer reads. `read` never throws: a failed or torn answer is a trouble, never an empty one. */
export type Question<T> = { readonly argv: readonly string[]; readonly timeoutSeconds: number; read(said: Said): T }

/** A listing but for its heads (id, times), which whoever asked adds. */
export type QueueReading = Pick<QueueListing, 'rows' | 'complete' | 'trouble'>
export type AccountingReading = Pick<AccountingListing, 'rows' | 'complete' | 'trouble'>

export type SubmitWords = {
  /** Run in the attempt's directory, which holds `job.sh`. */
  readonly argv: readonly string[]
  /** A script for `sed -n` that prints the id out of stdout. */
  readonly idFrom: string
  /** For `grep -E` over stderr: the scheduler says definitely that nothing was queued. */
  readonly refused: string
  /** For `grep -E`, stronger than `refused`: no answer came, the job may be queued all the same. */
  readonly silent: string
  /** For `grep -E`: lines by which the command says that it never reached the scheduler. Where all it says are such lines, nothing was queued. */
  readonly unsent?: string
  /** What a refusal means for whoever waits. */
  reasonFor(said: string): Extract<SubmitAnswer, { kind: 'refused' }>['reason']
}

/** Cancelling goes by name: ids alone come again after a lost state and may be somebody else's. */
export type CancelWords = {
  /** Prints the ids of everything that bears one of the names and is not over, one a line; where arrays are supported, members one by one, and the name behind the id. */
  readonly list: readonly string[]
  /** Followed by those ids. */
  readonly kill: readonly string[]
}

export type Limits = {
  readonly version: string | null
  readonly maxArraySize: number | null
  readonly minJobAgeSeconds: number | null
  readonly killWaitSeconds: number | null
  readonly accounting: boolean
  /** Null: unlimited or not known. */
  readonly maxSubmit: number | null
}

/** A time in which the site runs nothing. Seconds since the epoch, cluster clock. */
export type Maintenance = {
  readonly name: string
  readonly fromSeconds: number
  readonly untilSeconds: number
  readonly nodes: string
}

/** `value: null` with the reason, where the answer says nothing. */
export type Reading<T> = { readonly value: T; readonly trouble: null } | { readonly value: null; readonly trouble: string }

export type ByHand = {
  /** Prints the allocation's present name. `$id` is its id. */
  readonly name: string
  /** Calls it `$1`. */
  readonly rename: string
  /** Prints the seconds since the epoch when it ends, or nothing where nobody says. */
  readonly ends: string
}

export type Who = { readonly account: string; readonly tokens: readonly Token[] }

/** One batch system, in words. It runs nothing: libs/cluster carries its words out under claims, leases and budgets. */
export interface Scheduler {
  readonly name: SchedulerName
  /** What differs between batch systems and cannot be hidden. Shared code asks here, never for the name. */
  readonly supports: {
    readonly arrays: boolean
    /** Ended jobs can be asked for after they left the queue. */
    readonly accounting: boolean
    /** A signal some time before the wall clock runs out. */
    readonly earlySignal: boolean
    /** The queue listing tells ended jobs and how they ended, for a while. */
    readonly endedInQueue: boolean
    readonly partitions: boolean
  }
  /** Run against the real thing in our own tests. Where not, the doctor says so and asks for a dry run. */
  readonly proven: boolean
  /** A program that the words call and that has to be put on the cluster first: where, and which script of libs/cluster. Null: none. */
  readonly helper: { readonly path: string; readonly script: string } | null
  /** A word for the shell in job.sh: `<id>.<restart count>` of the execution that reads it. */
  readonly owner: string
  /** A word for the shell in the script of an array: which of its members runs. Null where there are no arrays. */
  readonly arrayIndex: string | null
  /** A word for the shell in job.sh: the node's name, or nothing where the batch system does not say it. */
  readonly node: string

  /** A line for the shell of a pilot's member, which makes the batch system's own launcher start its ranks in its share of the allocation. */
  asMember(resources: Resources): string

  /** How a pilot that a person starts inside an allocation of his own gets a name that listings show, and learns how long it may last: lines for the
   * shell. Null: it cannot be done. */
  readonly byHand: ByHand | null

  /** `indexes`: one submission of so many members, whose outputs go to `m/<index>/`; only where arrays are supported. */
  submit(token: Token, resources: Resources, indexes?: readonly number[]): SubmitWords
  /** The whole queue of one account (no tokens), or those of the names. Once per tick: a site notices one command per job, and bans it. */
  queue(who: Who): Question<QueueReading>
  /** Null where there is no accounting. Bounded in time: `sinceSeconds` before now. */
  accounting(who: Who, sinceSeconds: number): Question<AccountingReading> | null
  cancel(who: Who): CancelWords
  hold(nativeId: NativeId, held: boolean): Question<Reading<true>>
  /** Questions of the doctor. */
  readonly limits: Question<Reading<Limits>>
  /** Null: it has no such thing, or does not tell. */
  readonly partitions: Question<Reading<readonly Partition[]>> | null
  readonly maintenance: Question<Reading<readonly Maintenance[]>> | null
  /** How many jobs an account may have in the queue at once; none where the batch system does not tell. */
  submitLimits(account: string): readonly Question<Reading<readonly SubmitLimit[]>>[]
}
