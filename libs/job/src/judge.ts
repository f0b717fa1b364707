import {
  type AccountingListing,
  type AccountingRow,
  type AttemptSight,
  type BatchId,
  batchToken,
  type Ending,
  type EndSentinel,
  type Evidence,
  type NativeId,
  type QueueListing,
  type QueueRow,
  queueKey,
  queueNameOf,
  queueNamesOf,
  rowKey,
  tokenOf,
  type WaitingKind,
} from '@crystalmath/contract'
import type { End, Job } from './job.ts'

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

const msOf = (iso: string): number => Date.parse(iso)
const isoOf = (ms: number): string => new Date(ms).toISOString()
const isoOfSeconds = (seconds: number | null): string | null => (seconds === null || seconds <= 0 ? null : isoOf(seconds * 1_000))

/** From observations of the present attempt to what they prove. The order is the order of proof: the owner's own word, the scheduler's terminal word, life, absence. */
export function judge(job: Job, seen: Observations, patience: Patience = PATIENCE): Judgement {
  const rows = rowsOf(job, seen)
  const leftOut = leftOutOfBatch(job, seen)
  if (leftOut !== null) return leftOut
  if (job.batch?.kind === 'pilot' && seen.sight?.ticket === 'withdrawn' && !hasBegun(seen.sight))
    return withdrawn(job.batch.id, seen.at)
  const sentinel = seen.sight?.end ?? null
  if (sentinel !== null) return fromSentinel(job, seen, sentinel, rows, patience)

  const terminal = terminalWord(rows, seen.queue)
  if (terminal !== null) return fromScheduler(job, seen, isPilots(job, rows) ? asMember(terminal) : terminal, patience)

  const alive = signOfLife(job, seen, rows) ?? traceOfSubmission(job, seen, rows)
  if (alive !== null) return alive
  return fromAbsence(job, seen, rows, patience)
}

type Rows = { readonly queue: QueueRow | null; readonly accounting: AccountingRow | null }

/** The rows of the execution that counts: the lock's owner where there is one. Ids come again after a lost state, so the name must match and the submission must not be older than ours. */
function rowsOf(job: Job, seen: Observations): Rows {
  const keys = keysOf(job)
  const owner = idOf(seen.sight?.lockOwner ?? null) ?? seen.sight?.nativeId ?? job.nativeId
  const claimedSeconds = job.claimedAt === null ? 0 : msOf(job.claimedAt) / 1_000 + offsetSeconds(seen)
  const isOurs = (row: { readonly name: string; readonly nativeId: NativeId; readonly submittedSeconds: number | null }) =>
    keys.has(rowKey(row)) && (row.submittedSeconds === null || row.submittedSeconds >= claimedSeconds - 120)
  const pick = <R extends { readonly name: string; readonly nativeId: NativeId; readonly submittedSeconds: number | null }>(
    all: readonly R[],
  ): R | null => {
    const ours = all.filter(isOurs)
    return ours.find((row) => row.nativeId === owner) ?? (owner === null ? latest(ours) : null) ?? null
  }
  const queue = pick(seen.queue?.rows ?? [])
  return { queue, accounting: pick(seen.accounting?.rows ?? []) }
}

const latest = <R extends { readonly submittedSeconds: number | null }>(rows: readonly R[]): R | undefined =>
  rows.toSorted((a, b) => (a.submittedSeconds ?? 0) - (b.submittedSeconds ?? 0)).at(-1)

/** `812.0` → `812`. */
const idOf = (owner: string | null): string | null => (owner === null ? null : owner.slice(0, owner.lastIndexOf('.')))

/** Cluster clock minus platform clock, as measured with the sight or a listing; 0 where unknown. */
function offsetSeconds(seen: Observations): number {
  if (seen.sight !== null) return seen.sight.clusterSeconds - msOf(seen.sight.lookedAt) / 1_000
  const listing = seen.queue ?? seen.accounting
  return listing?.clusterSeconds == null ? 0 : listing.clusterSeconds - msOf(listing.begunAt) / 1_000
}

/** Exit 0 by the owner is an end at once. Anything else waits for the scheduler's terminal word: only it knows OOM, wall clock, preemption. */
function fromSentinel(job: Job, seen: Observations, sentinel: EndSentinel, rows: Rows, patience: Patience): Judgement {
  const nativeId = asNativeId(idOf(sentinel.owner)) ?? job.nativeId
  const evidence = evidenceOfEnd(sentinel)
  const ended = (ending: Ending, provedBy: End['provedBy'], more: Evidence = evidence): Judgement => ({
    kind: 'ended',
    nativeId,
    // an end by the run itself is proof enough that it began
    end: {
      ending,
      exitCode: sentinel.exitCode,
      startedAt: isoOf((seen.sight?.start ?? sentinel).atSeconds * 1_000),
      provedBy,
      evidence: more,
      observedAt: seen.at,
    },
  })
  if (sentinel.exitCode === 0 && sentinel.cause === 'exit') return ended('COMPLETED', 'sentinel')
  if (sentinel.cause === 'cancelled') return ended('CANCELLED', 'sentinel')
  // no scheduler knows of a pilot's members; those that were told to end with it wait for its word
  if (isInPilot(job) && sentinel.cause === 'timeout') return ended('TIMEOUT', 'exit-code') // said before its programs ended
  if (isInPilot(job) && sentinel.cause !== 'terminated') return ended(endingOfCause(sentinel), 'sentinel')

  const word = terminalWord(rows, seen.queue)
  if (word !== null) {
    // COMPLETED here is the scheduler's view of a script that ended with 0 although the code in it did not, or was told to stop early.
    const ending = isPilots(job, rows) ? ofMember(word.ending) : word.ending
    const stopped: Ending = sentinel.cause === 'early-signal' ? 'TIMEOUT' : 'FAILED'
    return ended(ending === 'COMPLETED' ? stopped : ending, 'scheduler', both(evidence, word.evidence))
  }
  const until = msOf(job.end?.observedAt ?? seen.sight?.lookedAt ?? seen.at)
  const overSince = sentinel.atSeconds * 1_000 - offsetSeconds(seen) * 1_000
  if (seen.hasAccounting && msOf(seen.at) - Math.min(overSince, until) < patience.causeMs) {
    return {
      kind: 'wait',
      for: 'cause',
      because: `ended with exit code ${sentinel.exitCode}; the scheduler's word on the cause is not in yet`,
      until: isoOf(overSince + patience.causeMs),
    }
  }
  return ended(endingOfCause(sentinel), 'exit-code', { ...evidence, said: `${evidence.said}; cause from exit code` })
}

/** The end of an attempt that its owner finished well, whatever is thought of it; null where the folder shows none. */
export function goodEndOf(sight: AttemptSight, at: string): { readonly nativeId: NativeId | null; readonly end: End } | null {
  const { start, end } = sight
  if (end === null || end.exitCode !== 0 || end.cause !== 'exit') return null
  return {
    nativeId: asNativeId(idOf(end.owner)),
    end: {
      ending: 'COMPLETED',
      exitCode: 0,
      startedAt: isoOf((start ?? end).atSeconds * 1_000),
      provedBy: 'sentinel',
      evidence: evidenceOfEnd(end),
      observedAt: at,
    },
  }
}

const evidenceOfEnd = (sentinel: EndSentinel): Evidence => ({
  source: 'sentinel',
  by: '.crystalmath/end',
  at: isoOf(sentinel.atSeconds * 1_000),
  clock: 'cluster',
  said: `${sentinel.cause}, exit code ${sentinel.exitCode}, by ${sentinel.owner} on ${sentinel.host}`,
})

function endingOfCause({ cause }: EndSentinel): Ending {
  if (cause === 'early-signal' || cause === 'timeout') return 'TIMEOUT'
  // told to end from outside, and no scheduler knows why: it lost the job, or the node went down
  if (cause === 'terminated') return 'NODE_FAILED'
  return 'FAILED'
}

const both = (a: Evidence, b: Evidence): Evidence => ({ ...b, said: `${b.said}; ${a.said}`.slice(0, 2_000) })

type Word = {
  readonly ending: Ending
  readonly exitCode: number
  readonly nativeId: NativeId
  readonly evidence: Evidence
  readonly endedMs: number | null
  /** Whether the scheduler says that it ever began. */
  readonly began: boolean
  /** Whether it was cancelled, on its node, perhaps by the superuser: an administrator, or the scheduler, which cancels what its node could not launch. */
  readonly bySystem: boolean
}

const SUPERUSER = '0'

/** The scheduler's terminal state of the job and its steps; accounting before queue, a step's OOM before the job's FAILED. */
function terminalWord({ queue, accounting }: Rows, listing: QueueListing | null): Word | null {
  // accounting writes the end down when it begins: until the queue lets go of the job, its programs may still run
  const stillThere = queue === null ? !letsGo(listing, accounting) : queue.state !== 'ended'
  if (accounting !== null && accounting.ending !== null && !stillThere) {
    const oom = accounting.steps.find((step) => step.ending === 'OUT_OF_MEMORY')
    const ending = accounting.ending === 'FAILED' && oom !== undefined ? 'OUT_OF_MEMORY' : accounting.ending
    const steps = accounting.steps.map((step) => `${step.name} ${step.raw} ${step.exitCode}:${step.signal}`).join(', ')
    return {
      ending,
      // as a shell says it: 128 and the signal
      exitCode: accounting.signal > 0 ? 128 + accounting.signal : accounting.exitCode,
      nativeId: accounting.nativeId,
      endedMs: accounting.endedSeconds === null ? null : accounting.endedSeconds * 1_000,
      began: accounting.startedSeconds !== null,
      bySystem: accounting.ending === 'CANCELLED' && accounting.cancelledBy === SUPERUSER && accounting.nodes !== null,
      evidence: {
        source: 'sacct',
        at: isoOfSeconds(accounting.endedSeconds) ?? '1970-01-01T00:00:00.000Z',
        clock: 'cluster',
        said: `${accounting.nativeId} ${accounting.raw} ${accounting.exitCode}:${accounting.signal}${accounting.cancelledBy === null ? '' : ` by ${accounting.cancelledBy}`}${steps === '' ? '' : `; steps ${steps}`}`.slice(
          0,
          2_000,
        ),
      },
    }
  }
  if (queue !== null && queue.state === 'ended' && queue.ending !== null) {
    return {
      ending: queue.ending,
      exitCode: 0,
      nativeId: queue.nativeId,
      endedMs: null,
      began: queue.startedSeconds !== null,
      bySystem: queue.ending === 'CANCELLED' && queue.nodes !== null, // a queue does not say by whom
      evidence: {
        source: 'squeue',
        at: isoOfSeconds(queue.startedSeconds) ?? '1970-01-01T00:00:00.000Z',
        clock: 'cluster',
        said: `${queue.nativeId} ${queue.raw} ${queue.reason ?? ''}`.trim(),
      },
    }
  }
  return null
}

/** A whole listing may lag behind by so much: its silence says nothing of a job that is younger. */
export const LISTING_LAG_SECONDS = 20

/** A whole listing that would show the job. */
const letsGo = (listing: QueueListing | null, record: AccountingRow | null): boolean =>
  listing?.complete === true &&
  (listing.clusterSeconds === null || listing.clusterSeconds - (record?.submittedSeconds ?? 0) >= LISTING_LAG_SECONDS)

/** The scheduler says it is over, and no owner's end is there: a killed job leaves none, a slow file system hides one for a while. */
function fromScheduler(job: Job, seen: Observations, said: Word, patience: Patience): Judgement {
  if (isInPilot(job) && !hasBegun(seen.sight) && seen.sight?.ticket == null)
    return seen.sight === null ? { kind: 'nothing' } : { kind: 'recall', evidence: said.evidence }
  return endBySchedulersWord(job, seen, said, patience)
}

function endBySchedulersWord(job: Job, seen: Observations, word: Word, patience: Patience): Judgement {
  const requeued = (seen.sight?.requeued.length ?? 0) > 0
  // a node that knows the id from before the scheduler lost its state launches nothing under it, and the scheduler cancels the job as root
  const launchFailed = word.bySystem && seen.sight?.lockOwner === null && !seen.sight.cancelFile && job.cancelRequested === null
  const ending: Ending =
    launchFailed || (requeued && (word.ending === 'FAILED' || word.ending === 'COMPLETED')) ? 'NODE_FAILED' : word.ending
  const finished = ending === 'COMPLETED' || (ending === 'FAILED' && !requeued)
  const since = word.endedMs === null ? waitsSince(job, seen.at) : word.endedMs - offsetSeconds(seen) * 1_000
  // of the look, not of now: whoever judges may have been stopped in between
  const lookedMs = seen.sight === null ? Number.NEGATIVE_INFINITY : msOf(seen.sight.lookedAt)
  // what was cancelled or timed out may have written a good end just before
  // who was requeued before has not begun, by the scheduler's word
  const mayHide = finished || word.began || seen.sight?.start != null || job.status === 'running'
  if (mayHide && lookedMs - since < patience.sentinelMs) {
    return {
      kind: 'wait',
      for: 'sentinel',
      because: `the scheduler says ${word.ending}; the run's own end sentinel is not visible yet`,
      until: isoOf(Math.max(since + patience.sentinelMs, msOf(seen.at) + 1_000)),
    }
  }
  // COMPLETED without the run's own word is no proof that it ran to its end.
  const proved: Ending = ending === 'COMPLETED' ? 'FAILED' : ending
  const but = ending === 'COMPLETED' ? '; but no end sentinel' : launchFailed ? '; but it never began on its node' : ''
  return {
    kind: 'ended',
    nativeId: word.nativeId,
    end: {
      ending: proved,
      exitCode: word.exitCode,
      startedAt: seen.sight?.start == null ? null : isoOf(seen.sight.start.atSeconds * 1_000),
      provedBy: 'scheduler',
      evidence: { ...word.evidence, said: `${word.evidence.said}${but}` },
      observedAt: seen.at,
    },
  }
}

/** When it was first said to be over: a queue row does not tell when that was. */
const waitsSince = ({ waitingFor }: Job, at: string): number => msOf(waitingFor?.kind === 'OUTPUTS' ? waitingFor.since : at)

/** A queue row, a start sentinel or a running record. */
function signOfLife(job: Job, seen: Observations, { queue, accounting }: Rows): Judgement | null {
  const start = seen.sight?.start ?? null
  if (queue !== null && queue.state !== 'ended' && queue.state !== 'unknown') {
    const running = start !== null || (!isInPilot(job) && queue.state !== 'pending' && queue.state !== 'requeued')
    return {
      kind: 'alive',
      status: running ? 'running' : 'pending',
      nativeId: queue.nativeId,
      startedAt: start === null ? isoOfSeconds(running ? queue.startedSeconds : null) : isoOf(start.atSeconds * 1_000),
      reason: queue.reason,
      waits: running ? null : (queue.waits ?? null),
      evidence: {
        source: 'squeue',
        at: seen.queue?.begunAt ?? seen.at,
        clock: 'platform',
        said: `${queue.nativeId} ${queue.raw}${queue.reason === null ? '' : ` (${queue.reason})`}${queue.nodes === null ? '' : ` on ${queue.nodes}`}`,
      },
    }
  }
  if (start !== null && seen.queue === null && seen.accounting === null) {
    return {
      kind: 'alive',
      status: 'running',
      nativeId: asNativeId(idOf(start.owner)),
      startedAt: isoOf(start.atSeconds * 1_000),
      reason: null,
      evidence: {
        source: 'sentinel',
        by: '.crystalmath/start',
        at: isoOf(start.atSeconds * 1_000),
        clock: 'cluster',
        said: `started by ${start.owner} on ${start.host}`,
      },
    }
  }
  if (seen.queue === null && accounting !== null && accounting.ending === null) {
    return {
      kind: 'alive',
      status: !isInPilot(job) && /^RUN|^SUSP|^COMPLETING/.test(accounting.raw) ? 'running' : 'pending',
      nativeId: accounting.nativeId,
      startedAt: isoOfSeconds(accounting.startedSeconds),
      reason: accounting.reason,
      evidence: {
        source: 'sacct',
        at: seen.accounting?.begunAt ?? seen.at,
        clock: 'platform',
        said: `${accounting.nativeId} ${accounting.raw}`,
      },
    }
  }
  return null
}

/** A silent submission that left a lock, an id or a record was submitted; whether it still lives, listings tell from now on. */
function traceOfSubmission(job: Job, { sight, at }: Observations, { accounting }: Rows): Judgement | null {
  if (job.status !== 'submitting' || sight === null) return null
  if (sight.lockOwner === null && sight.nativeId === null && accounting !== null) {
    const evidence: Evidence = { source: 'sacct', at, clock: 'platform', said: `${accounting.nativeId} ${accounting.raw}` }
    const { nativeId } = accounting
    return { kind: 'alive', status: 'pending', nativeId, startedAt: null, reason: accounting.reason, evidence }
  }
  const nativeId = asNativeId(idOf(sight.lockOwner) ?? sight.nativeId)
  if (nativeId === null) return null
  const said = sight.lockOwner === null ? `submitted as ${nativeId}` : `begun by ${sight.lockOwner}`
  return {
    kind: 'alive',
    status: sight.lockOwner === null ? 'pending' : 'running',
    nativeId,
    startedAt: sight.start === null ? null : isoOf(sight.start.atSeconds * 1_000),
    reason: null,
    evidence: { source: 'folder', by: sight.lockOwner === null ? 'job.id' : '.crystalmath/lock', at, clock: 'platform', said },
  }
}

/** Not in a complete listing that began after all we know of its life. One absence proves nothing; several, a grace, and no record anywhere do. */
function fromAbsence(job: Job, seen: Observations, rows: Rows, patience: Patience): Judgement {
  const { queue } = seen
  if (queue === null || !queue.complete || rows.queue !== null) return { kind: 'nothing' }
  const lastSeen = job.lastSeenAt ?? job.claimedAt
  if (lastSeen === null || msOf(queue.begunAt) <= msOf(lastSeen)) return { kind: 'nothing' }
  if (job.status === 'submitting') return disproved(job, seen, patience)
  if (job.status !== 'pending' && job.status !== 'running') return { kind: 'nothing' }

  const absences = job.absences.includes(queue.listingId) ? job.absences.length : job.absences.length + 1
  const quietMs = msOf(queue.begunAt) - msOf(job.missingSince ?? queue.begunAt)
  if (absences < patience.absences || quietMs < patience.absenceMs) {
    return job.absences.includes(queue.listingId) ? { kind: 'nothing' } : { kind: 'missed', listingId: queue.listingId }
  }
  if (seen.sight === null) return { kind: 'nothing' } // the folder has the last word
  if (seen.hasAccounting && seen.accounting?.complete !== true) {
    return {
      kind: 'wait',
      for: 'accounting',
      because: 'gone from the queue; accounting does not answer',
      until: isoOf(msOf(seen.at) + 5_000),
    }
  }
  if (isInPilot(job) && !hasBegun(seen.sight) && seen.sight.ticket == null) {
    const said = `its pilot is absent from ${absences} complete listings, and nobody has taken its ticket`
    return { kind: 'recall', evidence: { source: 'squeue', at: queue.begunAt, clock: 'platform', said } }
  }
  const record = rows.accounting === null ? 'no accounting record' : `accounting says ${rows.accounting.raw}`
  return {
    kind: 'ended',
    nativeId: job.nativeId,
    end: {
      ending: 'LOST',
      exitCode: null,
      startedAt: job.startedAt,
      provedBy: 'absence',
      observedAt: seen.at,
      evidence: {
        source: 'squeue',
        at: queue.begunAt,
        clock: 'platform',
        said: `absent from ${absences} complete listings over ${Math.round(quietMs / 1_000)} s, no end sentinel, ${record}`,
      },
    },
  }
}

/** A claim takes along whoever's inputs it was sent with: of a batch that was submitted, who bears no mark of it is no member. */
function leftOutOfBatch(job: Job, { at, sight }: Observations): Judgement | null {
  if (job.status !== 'submitting' || job.batch == null || sight === null || sight.nativeId === null) return null
  const { token } = queueNameOf(tokenOf(job.id, job.attempt), job.batch)
  if (sight.broughtBy?.includes(token) === true || sight.lockOwner !== null) return null
  const said = `batch ${token} was submitted as ${sight.nativeId} without this attempt: it brought none of its inputs`
  return { kind: 'never-submitted', tryNumber: job.tryNumber, evidence: { source: 'folder', at, clock: 'platform', said } }
}

/** A silent try submitted nothing if its claim is old by the cluster's clock and two complete listings begun after that show nothing. */
function disproved(job: Job, seen: Observations, patience: Patience): Judgement {
  const { sight, queue, accounting } = seen
  if (sight === null || queue === null) return { kind: 'nothing' }
  const claim = sight.claims.find(({ tryNumber }) => tryNumber === claimOf(job))
  // where nobody claimed it, somebody still may: the same try is made again instead
  if (claim === undefined) return { kind: 'nothing' }
  // one row of a batch proves that all of it was submitted
  const { token } = queueNameOf(tokenOf(job.id, job.attempt), job.batch)
  const isOfName = (row: { readonly name: string }) => row.name === token || row.name === `${job.id}.${job.attempt}`
  if (queue.rows.some(isOfName)) return { kind: 'nothing' }
  const { ageSeconds } = claim
  if (ageSeconds <= patience.claimSeconds) return { kind: 'nothing' }
  if (!job.absences.includes(queue.listingId) && job.absences.length + 1 < 2)
    return { kind: 'missed', listingId: queue.listingId }
  if (job.absences.includes(queue.listingId) && job.absences.length < 2) return { kind: 'nothing' }
  if (seen.hasAccounting && (accounting?.complete !== true || accounting.rows.some(isOfName))) return { kind: 'nothing' }
  return {
    kind: 'never-submitted',
    tryNumber: job.tryNumber,
    evidence: {
      source: 'squeue',
      at: queue.begunAt,
      clock: 'platform',
      said: `the claim of try ${job.tryNumber} is ${Math.round(ageSeconds)} s old and two complete listings since show nothing of it`,
    },
  }
}

/** A batch is claimed once, whatever the number of the try is to its members. */
export const claimOf = ({ batch, tryNumber }: Pick<Job, 'batch' | 'tryNumber'>): number => (batch == null ? tryNumber : 1)

const isInPilot = ({ batch }: Pick<Job, 'batch'>): boolean => batch?.kind === 'pilot'

const hasBegun = (sight: AttemptSight | null): boolean => sight !== null && (sight.lockOwner !== null || sight.start !== null)

/** Whether the rows are a pilot's: of the present try, or of an earlier one that came late and began the job all the same. */
function isPilots({ batch, lateBatches = [] }: Job, { queue, accounting }: Rows): boolean {
  const name = (accounting ?? queue)?.name
  return [...lateBatches, ...(batch == null ? [] : [batch])].some(({ id, kind }) => kind === 'pilot' && batchToken(id) === name)
}

const asMember = (word: Word): Word => ({ ...word, ending: ofMember(word.ending) })

/** What its pilot's end means for a member that it took along: it did nothing wrong, unless all of it ran out of memory. */
const ofMember = (ending: Ending): Ending => (ending === 'PREEMPTED' || ending === 'OUT_OF_MEMORY' ? ending : 'NODE_FAILED')

/** Nobody can begin a member whose ticket is withdrawn. */
export const withdrawn = (batch: BatchId, at: string): Judgement => ({
  kind: 'given-back',
  batch,
  evidence: { source: 'folder', by: 'decided', at, clock: 'platform', said: 'its ticket was withdrawn before a pilot took it' },
})

/** What rows of its present attempt are called, whichever try brought them there. */
export const keysOf = (job: Pick<Job, 'id' | 'attempt' | 'batch' | 'lateBatches'>): ReadonlySet<string> => {
  const batches = [...(job.lateBatches ?? []), ...(job.batch == null ? [] : [job.batch])]
  return new Set(queueNamesOf(tokenOf(job.id, job.attempt), batches).map(queueKey))
}

const asNativeId = (id: string | null): NativeId | null => id as NativeId | null
