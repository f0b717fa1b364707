import { namesOf, placeOf } from '@crystalmath/cluster'
import {
  type AccountingListing,
  type AttemptSight,
  type JobId,
  type NativeId,
  type QueueListing,
  type QueueRow,
  rowKey,
  slices,
  type Token,
  type WaitingKind,
} from '@crystalmath/contract'
import { type Job, judge, judged, keysOf, type LiveJob, waitingFor } from '@crystalmath/job'
import { isoTime, periodically } from '@crystalmath/service'
import { BREAKER_GRACES, breakerTrips } from './breaker.ts'
import { isLostWithState, lostBefore } from './counted-anew.ts'
import type { Fetcher } from './fetching.ts'
import { patienceOf } from './place.ts'
import type { Reads } from './work.ts'

export type Reconciler = {
  /** Lists the queue and judges what is live, if it is time. */
  turn(): Promise<void>
  /** Judges jobs on what the spool said, writes what follows, and asks accounting soon where its word is needed. The jobs as they are then, in order. */
  judgeAll(seen: readonly Seen<Job>[]): Promise<readonly Job[]>
}

export type Reconciling = Reconciler & {
  /** Called each second: a turn as soon as the last one is over. */
  tick(): void
  readonly done: Promise<void>
}

/** Compares what we believe with queue, folders and accounting. A failed listing proves nothing; a job is written only when it changes. */
export function makeReconciler(work: Reads, fetching: Fetcher): Reconciler {
  const { duty, jobs, config, clock } = work
  const patience = patienceOf(config)
  let hasAccounting = true
  let lastListingMs = Number.NEGATIVE_INFINITY
  let wantsCause = false
  let wasLive = false

  const cautious = { ...patience, absenceMs: BREAKER_GRACES * patience.absenceMs }
  const judgeAll: Record = async (seen, open = null) => {
    const at = isoTime(clock)
    const patienceWith = ({ job, sight }: Seen<LiveJob>) =>
      open === null || isLostWithState(job, sight, open.lostBeforeMs) ? patience : cautious
    const told = seen.flatMap((one) => {
      const { job, sight, queue = null, accounting = null } = one
      const judgement = judge(job, { sight, queue, accounting, at, hasAccounting }, patienceWith(one))
      if (judgement.kind === 'wait') wantsCause = true
      if (judgement.kind === 'nothing') return []
      // of fifty thousand that run as before none is loaded again
      if (judged(job, judgement, at).length === 0) return []
      return [{ jobId: job.id, command: { type: 'RecordJudgement', at, attempt: job.attempt, judgement } as const }]
    })
    const after = told.length > 0 && duty.lease.isHeld() ? await jobs.tellMany(told) : new Map<JobId, Job>()
    return seen.map(({ job }) => after.get(job.id) ?? job)
  }

  /** Jobs that people submitted by hand fill the account's limits too; written when their number changed. */
  let foreign: number | null | undefined
  const saveForeign = async (count: number | null) => {
    if (count !== foreign) await jobs.saveForeignJobs(duty.cluster, count)
    foreign = count
  }
  const noteForeign: NoteForeign = (ours, { rows }) =>
    saveForeign(rows.filter((row) => row.state !== 'ended' && !ours.has(row)).length)

  /** With nobody left to ask for, what was waited for is waited for no more. */
  const settle = async () => {
    if (wasLive) await jobs.saveClusterWait(duty.cluster, null)
    await saveForeign(null) // nobody looks
    wasLive = false
  }
  const turn = async () => {
    const now = clock.monotonicMs()
    const intervalMs = duty.site.spec.queueIntervalSeconds * 1_000
    const isDue =
      now - lastListingMs >= intervalMs ||
      (wantsCause && now - lastListingMs >= Math.min(intervalMs, config.ACCOUNTING_SECONDS * 1_000))
    if (!isDue) return
    for (const job of await jobs.findUnfetched(duty.cluster, config.FETCH_BATCH)) fetching.want(job)
    const live = await jobs.findLive(duty.cluster)
    lastListingMs = clock.monotonicMs()
    if (live.length === 0) return await settle()
    hasAccounting = (await jobs.findCluster(duty.cluster))?.inventory?.accounting ?? true
    wantsCause = false
    wasLive = true
    await reconcile(work, live, judgeAll, fetching, noteForeign)
  }
  return { turn, judgeAll }
}

/** Reconciles at each tick, until the signal. */
export function openReconciling(
  work: Reads,
  fetching: Fetcher,
  signal: AbortSignal,
  fail: (error: unknown) => void,
): Reconciling {
  const reconciler = makeReconciler(work, fetching)
  const loop = periodically(86_400_000, reconciler.turn, fail, signal)
  return { ...reconciler, tick: loop.wake, done: loop.done }
}

/** What is known of one job; a listing that was not asked for is null. */
type Seen<J extends LiveJob> = {
  readonly job: J
  readonly sight: AttemptSight | null
  readonly queue?: QueueListing | null
  readonly accounting?: AccountingListing | null
}
/** The circuit breaker is open. */
type Open = {
  readonly vanished: number
  readonly live: number
  /** Ids that were given till then are of a state that the scheduler lost; epoch ms. */
  readonly lostBeforeMs: number
}
type Record = <J extends LiveJob>(seen: readonly Seen<J>[], open?: Open | null) => Promise<readonly (J | Job)[]>

type NoteForeign = (ours: ReadonlySet<QueueRow>, listing: QueueListing) => Promise<void>

/** A job with the rows of the listing that are its own. */
type InQueue = { readonly job: LiveJob; readonly rows: readonly QueueRow[] }

/** Of several rows the one that is not over. */
const tellingRow = ({ rows }: InQueue): QueueRow | undefined => rows.find(({ state }) => state !== 'ended') ?? rows.at(-1)

/** One listing for all; folders and accounting only of what is not in it, or wants a cause. */
async function reconcile(
  work: Reads,
  live: readonly LiveJob[],
  judgeAll: Record,
  fetching: Fetcher,
  noteForeign: NoteForeign,
): Promise<void> {
  const { duty } = work
  const queue = await duty.site.listQueue()
  if (queue.trouble !== null) duty.log.warn({ trouble: queue.trouble }, 'the queue could not be listed')
  const queued = indexed(queue.rows)
  const all = live.map((job): InQueue => ({ job, rows: queued.of(job) }))
  const [present, absent] = parted(all, (one) => (tellingRow(one)?.state ?? 'ended') !== 'ended')
  if (queue.complete) await noteForeign(new Set(all.flatMap(({ rows }) => rows)), queue)
  // of a pilot's members the queue tells only that it lives
  const within = await lookAt(
    work,
    present.filter(({ job }) => job.batch?.kind === 'pilot'),
  )
  for (const some of slices(present, JUDGED_AT_ONCE)) {
    const seen = some.map(({ job, rows }) => ({ job, sight: within.get(placeOf(job).token) ?? null, queue: { ...queue, rows } }))
    for (const job of await judgeAll(seen)) if (isEnding(job)) fetching.want(job)
  }

  const sights = await lookAt(work, absent)
  const unproved = absent.filter(({ job }) => sights.get(placeOf(job).token)?.end?.exitCode !== 0)
  const accounting = unproved.length === 0 ? null : await askAccounting(work, unproved)
  const accounted = indexed(accounting?.rows ?? [])
  const vanished = unproved.filter(({ job, rows }) => {
    const isAccounted = [...keysOf(job)].some((key) => accounted.byKey(key).some(({ ending }) => ending !== null))
    const isExplained = sights.get(placeOf(job).token)?.end != null || isAccounted || job.cancelRequested !== null
    return rows.length === 0 && job.status !== 'submitting' && !isExplained
  })
  const isOpen = queue.complete && breakerTrips(live.length, vanished.length)
  const open = isOpen ? { vanished: vanished.length, live: live.length, lostBeforeMs: lostBefore(live) } : null
  if (open !== null) duty.log.error(open, 'the circuit breaker is open')
  await showWait(work, queue, present, open)
  for (const some of slices(absent, JUDGED_AT_ONCE)) {
    const gone = some.map(({ job, rows }) => ({
      ...{ job, sight: sights.get(placeOf(job).token) ?? null, queue: { ...queue, rows } },
      accounting: accounting === null ? null : { ...accounting, rows: accounted.of(job) },
    }))
    for (const [i, job] of (await judgeAll(gone, open)).entries())
      if (isEnding(job)) fetching.want(job, gone[i]?.sight?.end ?? null)
  }
}

/** What is known of each stands in memory no longer than that. */
const JUDGED_AT_ONCE = 1_000

/** It was loaded for a change: its end is known, its outputs are not here. */
const isEnding = (job: LiveJob | Job): job is Job => 'request' in job && job.end !== null && job.status !== 'ended'

const lookAt = async ({ duty }: Reads, some: readonly InQueue[]): Promise<ReadonlyMap<Token, AttemptSight>> =>
  some.length === 0 ? new Map() : await duty.site.look(some.map(({ job }) => placeOf(job)))

type Named = { readonly name: string; readonly nativeId: NativeId }

/** Rows as each job needs them: judging a thousand by all rows of all of them would be a million looks. */
function indexed<R extends Named>(rows: readonly R[]) {
  const keyed = grouped(rows, rowKey)
  let named: ReadonlyMap<string, readonly R[]> | undefined
  const byKey = (key: string) => keyed.get(key) ?? NO_ROWS
  const of = (job: LiveJob): readonly R[] => {
    // a silent member looks for rows of its neighbours, too
    if (job.status === 'submitting' && job.batch != null) {
      named ??= grouped(rows, ({ name }) => name)
      return namesOf(placeOf(job)).flatMap(({ token }) => named?.get(token) ?? NO_ROWS)
    }
    const keys = [...keysOf(job)]
    const [only] = keys
    return keys.length === 1 && only !== undefined ? byKey(only) : keys.flatMap(byKey)
  }
  return { of, byKey }
}

const NO_ROWS: readonly never[] = []

/** As `Map.groupBy`, whose lists have room for sixteen more each. */
function grouped<R>(rows: readonly R[], keyOf: (row: R) => string): ReadonlyMap<string, readonly R[]> {
  const groups = new Map<string, R[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const others = groups.get(key)
    if (others === undefined) groups.set(key, [row])
    else others.push(row)
  }
  return groups
}

/** What the whole cluster waits for, written once a turn. */
async function showWait(
  { jobs, duty, clock }: Reads,
  { trouble }: QueueListing,
  present: readonly InQueue[],
  open: Open | null,
): Promise<void> {
  const wait = (kind: WaitingKind, because: string) =>
    jobs.saveClusterWait(duty.cluster, waitingFor(kind, because, isoTime(clock)))
  const maintained = present.map(tellingRow).find((row) => row?.waits === 'MAINTENANCE')
  if (trouble !== null) await wait(trouble.kind, trouble.said)
  else if (open !== null)
    await wait(
      'CIRCUIT_OPEN',
      `${open.vanished} of ${open.live} live jobs vanished from the queue at once, without sentinels or records; folders and accounting decide, absence only after ${BREAKER_GRACES} graces${ofLost(open)}`,
    )
  else if (maintained !== undefined) await wait('MAINTENANCE', `the scheduler lets jobs wait: ${maintained.reason ?? ''}`)
  else await jobs.saveClusterWait(duty.cluster, null)
}

const ofLost = ({ lostBeforeMs }: Open): string =>
  Number.isFinite(lostBeforeMs)
    ? `; the scheduler counts its ids anew, so that it lost its state after ${new Date(lostBeforeMs).toISOString()}: what was merely queued then waits for one`
    : ''

function parted<T>(all: readonly T[], is: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  const sides: readonly [T[], T[]] = [[], []]
  for (const one of all) sides[is(one) ? 0 : 1].push(one)
  return sides
}

async function askAccounting({ duty }: Reads, some: readonly InQueue[]): Promise<AccountingListing> {
  const tokens: readonly Token[] = [...new Set(some.flatMap(({ job }) => namesOf(placeOf(job)).map(({ token }) => token)))]
  const oldest = Math.min(...some.map(({ job }) => Date.parse(job.claimedAt ?? job.createdAt)))
  return await duty.site.listAccounting(tokens, oldest / 1_000 - 86_400)
}
