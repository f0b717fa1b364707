import { type AccountingListing, type AttemptSight, type QueueListing, type Token, tokenOf } from '@crystalmath/contract'
import { type Job, judge, waitingFor } from '@crystalmath/job'
import { isoTime, periodically } from '@crystalmath/service'
import { breakerTrips } from './breaker.ts'
import type { Fetcher } from './fetching.ts'
import { patienceOf, placeOf } from './place.ts'
import type { Reads } from './serve-reads.ts'
import { inParallel } from './watching.ts'

export type Reconciler = {
  /** Lists the queue and judges what is live, if it is time. */
  turn(): Promise<void>
  /** Judges one job on what the spool said, writes what follows, and asks accounting soon where its word is needed. The job as it is then. */
  judgeOne(job: Job, sight: AttemptSight): Promise<Job | null>
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

  const record = async (
    job: Job,
    seen: {
      readonly sight: AttemptSight | null
      readonly queue: QueueListing | null
      readonly accounting: AccountingListing | null
    },
  ): Promise<Job | null> => {
    if (!duty.lease.isHeld()) return null
    const at = isoTime(clock)
    const judgement = judge(job, { ...seen, at, hasAccounting }, patience)
    if (judgement.kind === 'wait') wantsCause = true
    if (judgement.kind === 'nothing') return job
    return await jobs.tell(job.id, { type: 'RecordJudgement', at, attempt: job.attempt, judgement })
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
    if (live.length === 0) return
    hasAccounting = (await jobs.findCluster(duty.cluster))?.inventory?.accounting ?? true
    wantsCause = false
    await reconcile(work, live, record, fetching)
  }
  return { turn, judgeOne: (job, sight) => record(job, { sight, queue: null, accounting: null }) }
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

type Record = (
  job: Job,
  seen: {
    readonly sight: AttemptSight | null
    readonly queue: QueueListing | null
    readonly accounting: AccountingListing | null
  },
) => Promise<Job | null>

/** One listing for all; folders and accounting only of what is not in it, or wants a cause. */
async function reconcile(work: Reads, live: readonly Job[], record: Record, fetching: Fetcher): Promise<void> {
  const { duty, jobs, clock } = work
  const queue = await duty.site.listQueue()
  const since = isoTime(clock)
  if (queue.trouble !== null) {
    await jobs.saveClusterWait(duty.cluster, waitingFor(queue.trouble.kind, queue.trouble.said, since))
    duty.log.warn({ trouble: queue.trouble }, 'the queue could not be listed')
  } else {
    await jobs.saveClusterWait(duty.cluster, null)
  }
  const rows = new Map(queue.rows.map((row) => [row.name, row]))
  const absent = live.filter(
    (job) => rows.get(tokenOf(job.id, job.attempt))?.state === 'ended' || !rows.has(tokenOf(job.id, job.attempt)),
  )
  const present = live.filter((job) => !absent.includes(job))
  await inParallel(16, present, async (job) => void (await record(job, { sight: null, queue, accounting: null })))
  if (absent.length === 0) return

  const sights = await duty.site.look(absent.map((job) => placeOf(job)))
  const unproved = absent.filter((job) => sights.get(placeOf(job).token)?.end?.exitCode !== 0)
  if (queue.complete && breakerTrips(live.length, unproved.filter((job) => job.status !== 'submitting').length)) {
    const because = `${unproved.length} of ${live.length} live jobs vanished from the queue at once, without sentinels; accounting and folders decide`
    await jobs.saveClusterWait(duty.cluster, waitingFor('CIRCUIT_OPEN', because, since))
    duty.log.error({ vanished: unproved.length, live: live.length }, 'the circuit breaker is open')
  }
  const accounting = unproved.length === 0 ? null : await askAccounting(work, unproved)
  await inParallel(16, absent, async (job) => {
    const after = await record(job, { sight: sights.get(placeOf(job).token) ?? null, queue, accounting })
    if (after?.end != null && after.status !== 'ended') fetching.want(after)
  })
}

async function askAccounting({ duty }: Reads, jobs: readonly Job[]): Promise<AccountingListing> {
  const tokens: readonly Token[] = jobs.map((job) => tokenOf(job.id, job.attempt))
  const oldest = Math.min(...jobs.map((job) => Date.parse(job.claimedAt ?? job.createdAt)))
  return await duty.site.listAccounting(tokens, oldest / 1_000 - 86_400)
}
