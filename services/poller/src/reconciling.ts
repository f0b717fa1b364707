import { namesOf, placeOf } from '@crystalmath/cluster'
import {
  type AccountingListing,
  type AttemptSight,
  type JobId,
  type NativeId,
  type QueueListing,
  type QueueRow,
  rowKey,
  type Token,
  type WaitingKind,
} from '@crystalmath/contract'
import { decide, type Job, judge, keysOf, waitingFor } from '@crystalmath/job'
import { isoTime, periodically } from '@crystalmath/service'
import { BREAKER_GRACES, breakerTrips } from './breaker.ts'
import type { Fetcher } from './fetching.ts'
import { patienceOf } from './place.ts'
import type { Reads } from './serve-reads.ts'

export type Reconciler = {
  /** Lists the queue and judges what is live, if it is time. */
  turn(): Promise<void>
  /** Judges jobs on what the spool said, writes what follows, and asks accounting soon where its word is needed. The jobs as they are then, in order. */
  judgeAll(seen: readonly Seen[]): Promise<readonly Job[]>
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
  const judgeAll: Record = async (seen, { isOpen = false } = {}) => {
    const at = isoTime(clock)
    const told = seen.flatMap(({ job, sight, queue = null, accounting = null }) => {
      const judgement = judge(job, { sight, queue, accounting, at, hasAccounting }, isOpen ? cautious : patience)
      if (judgement.kind === 'wait') wantsCause = true
      if (judgement.kind === 'nothing') return []
      const command = { type: 'RecordJudgement', at, attempt: job.attempt, judgement } as const
      // of fifty thousand that run as before none is loaded again
      return decide(command, job).length === 0 ? [] : [{ jobId: job.id, command }]
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
type Seen = {
  readonly job: Job
  readonly sight: AttemptSight | null
  readonly queue?: QueueListing | null
  readonly accounting?: AccountingListing | null
}
/** `isOpen`: whether the circuit breaker is. */
type Record = (seen: readonly Seen[], by?: { readonly isOpen?: boolean }) => Promise<readonly Job[]>

type NoteForeign = (ours: ReadonlySet<QueueRow>, listing: QueueListing) => Promise<void>

/** One listing for all; folders and accounting only of what is not in it, or wants a cause. */
async function reconcile(
  work: Reads,
  live: readonly Job[],
  judgeAll: Record,
  fetching: Fetcher,
  noteForeign: NoteForeign,
): Promise<void> {
  const { duty } = work
  const queue = await duty.site.listQueue()
  if (queue.trouble !== null) duty.log.warn({ trouble: queue.trouble }, 'the queue could not be listed')
  const queued = indexed(queue)
  const rowOf = (job: Job) => {
    const found = queued.of(job).rows
    return found.find(({ state }) => state !== 'ended') ?? found.at(-1)
  }
  const [present, absent] = parted(live, (job) => (rowOf(job)?.state ?? 'ended') !== 'ended')
  if (queue.complete) await noteForeign(new Set(live.flatMap((job) => queued.of(job).rows)), queue)
  // of a pilot's members the queue tells only that it lives
  const inPilots = present.filter(({ batch }) => batch?.kind === 'pilot')
  const within = inPilots.length === 0 ? new Map() : await duty.site.look(inPilots.map((job) => placeOf(job)))
  const going = present.map((job) => ({ job, sight: within.get(placeOf(job).token) ?? null, queue: queued.of(job) }))
  for (const job of await judgeAll(going)) if (isEnding(job)) fetching.want(job)

  const sights = absent.length === 0 ? new Map() : await duty.site.look(absent.map((job) => placeOf(job)))
  const unproved = absent.filter((job) => sights.get(placeOf(job).token)?.end?.exitCode !== 0)
  const accounting = unproved.length === 0 ? null : await askAccounting(work, unproved)
  const accounted = accounting === null ? null : indexed(accounting)
  const ended = new Set(accounting?.rows.flatMap((row) => (row.ending === null ? [] : [rowKey(row)])))
  const vanished = unproved.filter((job) => {
    const { token } = placeOf(job)
    const isExplained =
      sights.get(token)?.end != null || [...keysOf(job)].some((key) => ended.has(key)) || job.cancelRequested !== null
    return rowOf(job) === undefined && job.status !== 'submitting' && !isExplained
  })
  const isOpen = queue.complete && breakerTrips(live.length, vanished.length)
  if (isOpen) duty.log.error({ vanished: vanished.length, live: live.length }, 'the circuit breaker is open')
  await showWait(work, queue, present.map(rowOf), isOpen ? { vanished: vanished.length, live: live.length } : null)
  const gone = absent.map((job) => ({
    job,
    sight: sights.get(placeOf(job).token) ?? null,
    queue: queued.of(job),
    accounting: accounted?.of(job) ?? null,
  }))
  for (const [i, job] of (await judgeAll(gone, { isOpen })).entries())
    if (isEnding(job)) fetching.want(job, gone[i]?.sight?.end ?? null)
}

/** Its end is known, its outputs are not here. */
const isEnding = (job: Job): boolean => job.end !== null && job.status !== 'ended'

type Named = { readonly name: string; readonly nativeId: NativeId }

/** A listing as each job needs it: judging a thousand by all rows of all of them would be a million looks. */
function indexed<L extends { readonly rows: readonly Named[] }>(listing: L) {
  const byKey = Map.groupBy(listing.rows, rowKey)
  const byName = Map.groupBy(listing.rows, ({ name }) => name)
  const known = new Map<Job, L>()
  return {
    of(job: Job): L {
      const before = known.get(job)
      if (before !== undefined) return before
      // a silent member looks for rows of its neighbours, too
      const isSilent = job.status === 'submitting' && job.batch != null
      const neighbours = isSilent ? namesOf(placeOf(job)).flatMap(({ token }) => byName.get(token) ?? []) : []
      const own = [...keysOf(job)].flatMap((key) => byKey.get(key) ?? [])
      const found = { ...listing, rows: isSilent ? neighbours : own }
      known.set(job, found)
      return found
    },
  }
}

/** What the whole cluster waits for, written once a turn. */
async function showWait(
  { jobs, duty, clock }: Reads,
  { trouble }: QueueListing,
  rows: readonly (QueueRow | undefined)[],
  open: { readonly vanished: number; readonly live: number } | null,
): Promise<void> {
  const wait = (kind: WaitingKind, because: string) =>
    jobs.saveClusterWait(duty.cluster, waitingFor(kind, because, isoTime(clock)))
  const maintained = rows.find((row) => row?.waits === 'MAINTENANCE')
  if (trouble !== null) await wait(trouble.kind, trouble.said)
  else if (open !== null)
    await wait(
      'CIRCUIT_OPEN',
      `${open.vanished} of ${open.live} live jobs vanished from the queue at once, without sentinels or records; folders and accounting decide, absence only after ${BREAKER_GRACES} graces`,
    )
  else if (maintained !== undefined) await wait('MAINTENANCE', `the scheduler lets jobs wait: ${maintained.reason ?? ''}`)
  else await jobs.saveClusterWait(duty.cluster, null)
}

function parted<T>(all: readonly T[], is: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  const sides: readonly [T[], T[]] = [[], []]
  for (const one of all) sides[is(one) ? 0 : 1].push(one)
  return sides
}

async function askAccounting({ duty }: Reads, jobs: readonly Job[]): Promise<AccountingListing> {
  const tokens: readonly Token[] = [...new Set(jobs.flatMap((job) => namesOf(placeOf(job)).map(({ token }) => token)))]
  const oldest = Math.min(...jobs.map((job) => Date.parse(job.claimedAt ?? job.createdAt)))
  return await duty.site.listAccounting(tokens, oldest / 1_000 - 86_400)
}
