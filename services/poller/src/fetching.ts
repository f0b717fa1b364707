import { setTimeout as wait } from 'node:timers/promises'
import { placeOf } from '@crystalmath/cluster'
import type { Token } from '@crystalmath/contract'
import { type Job, usedCoreHours } from '@crystalmath/job'
import { isoTime } from '@crystalmath/service'
import type { KeptFile } from '@crystalmath/store'
import type { Reads } from './serve-reads.ts'
import { inParallel } from './watching.ts'

export type Fetcher = {
  /** Its end is proved: outputs are fetched, stored, and the status follows. Asking twice fetches once. */
  want(job: Job): void
  /** Its sentinels need not be looked at again. */
  settle(token: Token): void
  /** Fetches the next batch; moves sentinels away when it is time. */
  turn(): Promise<void>
  /** How many attempts are wanted. */
  waiting(): number
}

export type Fetching = Fetcher & { readonly done: Promise<void> }

/** Sentinels are moved away in bulk: after so many, or so long. */
const SETTLE_MANY = 200
const SETTLE_MS = 10_000

/** Brings kept outputs into the store, many attempts in one stream. The status `ended` comes only after they are there, or known to be missing. */
export function makeFetcher(work: Reads): Fetcher {
  const { duty, config, clock } = work
  const wanted = new Map<Token, Job>()
  const settled = new Set<Token>()
  let lastSettleMs = clock.monotonicMs()

  const turn = async () => {
    const batch = [...wanted.values()].slice(0, config.FETCH_BATCH)
    for (const job of batch) wanted.delete(placeOf(job).token)
    if (batch.length > 0) {
      await fetchBatch(work, batch)
      for (const job of batch) settled.add(placeOf(job).token)
    }
    const isTime = settled.size >= SETTLE_MANY || (settled.size > 0 && clock.monotonicMs() - lastSettleMs > SETTLE_MS)
    if (!isTime) return
    const tokens = [...settled]
    await duty.site.settleSpool(tokens)
    for (const token of tokens) settled.delete(token)
    lastSettleMs = clock.monotonicMs()
  }
  return {
    want: (job) => void wanted.set(placeOf(job).token, job),
    settle: (token) => void settled.add(token),
    turn,
    waiting: () => wanted.size,
  }
}

/** Fetches whenever something is wanted, until the signal. */
export function openFetching(work: Reads, signal: AbortSignal, fail: (error: unknown) => void): Fetching {
  const fetcher = makeFetcher(work)
  let ring: (() => void) | undefined
  const loop = async () => {
    while (!signal.aborted) {
      if (fetcher.waiting() === 0) await new Promise<void>((resolve) => void rest(resolve, signal, (wake) => (ring = wake)))
      if (fetcher.waiting() > 0) await wait(work.config.GATHER_SECONDS * 1_000, undefined, { signal }).catch(() => undefined)
      await fetcher.turn()
    }
  }
  return {
    ...fetcher,
    want: (job) => {
      fetcher.want(job)
      ring?.()
    },
    done: loop().catch(fail),
  }
}

/** Until woken, a second passed, or the signal. */
function rest(resolve: () => void, signal: AbortSignal, give: (wake: () => void) => void): void {
  const timer = setTimeout(finish, 1_000)
  function finish() {
    clearTimeout(timer)
    signal.removeEventListener('abort', finish)
    resolve()
  }
  signal.addEventListener('abort', finish, { once: true })
  give(finish)
}

async function fetchBatch({ jobs: store, duty, clock }: Reads, jobs: readonly Job[]): Promise<void> {
  const contents = new Map<Token, KeptFile[]>()
  const reports = await duty.site.fetch(
    jobs.map((job) => ({ place: placeOf(job), keep: job.keeping?.keep ?? [], files: null })),
    async (token, path, content) => {
      const files = contents.get(token) ?? []
      contents.set(token, files)
      files.push({ path, content })
    },
  )
  // before any of them is `ended`: whoever is over was charged
  const hasAccounting = (await store.findCluster(duty.cluster))?.inventory?.accounting ?? false
  const charged = jobs.map((job) => ({ job, coreHours: usedCoreHours(job) }))
  if (duty.lease.isHeld()) await store.saveCharges(charged, { at: isoTime(clock), isFinal: !hasAccounting })
  await inParallel(8, jobs, async (job) => {
    const { token } = placeOf(job)
    const kept = contents.get(token) ?? []
    if (!duty.lease.isHeld()) return
    await store.saveOutputs(token, kept)
    const files = kept.map(({ path, content }) => ({ path, size: content.length }))
    await store.tell(job.id, {
      type: 'RecordOutputs',
      at: isoTime(clock),
      attempt: job.attempt,
      files,
      missing: reports.get(token)?.missing ?? [],
    })
    duty.log.info({ jobId: job.id, attempt: job.attempt, files: files.length }, 'outputs stored')
  })
}
