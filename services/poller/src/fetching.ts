import { setTimeout as wait } from 'node:timers/promises'
import { type Place, placeOf } from '@crystalmath/cluster'
import type { AttemptSight, EndSentinel, Token } from '@crystalmath/contract'
import { type Job, usedCoreHours } from '@crystalmath/job'
import { isoTime } from '@crystalmath/service'
import type { KeptFile } from '@crystalmath/store'
import type { Reads } from './work.ts'

export type Fetcher = {
  /** Its end is proved: outputs are fetched, stored, and the status follows. Asking twice fetches once. The end sentinel lists sizes that are
   * waited for; where it is not given, the attempt's folder is asked for it. */
  want(job: Job, end?: EndSentinel | null): void
  /** Its sentinels need not be looked at again. */
  settle(token: Token): void
  /** Fetches the next batch; moves sentinels away when it is time. */
  turn(): Promise<void>
  /** How many attempts are wanted. */
  waiting(): number
}

/** `end` is undefined until somebody looked: after a restart only the job is known. */
type WantedJob = { readonly job: Job; readonly place: Place; readonly end: EndSentinel | null | undefined }

export type Fetching = Fetcher & { readonly done: Promise<void> }

/** Sentinels are moved away in bulk: after so many, or so long. */
const SETTLE_MANY = 200
const SETTLE_MS = 10_000

/** Brings kept outputs into the store, many attempts in one stream. The status `ended` comes only after they are there, or known to be missing. */
export function makeFetcher(work: Reads): Fetcher {
  const { duty, config, clock } = work
  const wanted = new Map<Token, WantedJob>()
  const settled = new Set<Token>()
  let lastSettleMs = clock.monotonicMs()

  const turn = async () => {
    const batch = [...wanted.values()].slice(0, config.FETCH_BATCH)
    for (const { place } of batch) wanted.delete(place.token)
    if (batch.length > 0) {
      await fetchBatch(work, batch)
      for (const { place } of batch) settled.add(place.token)
    }
    const isTime = settled.size >= SETTLE_MANY || (settled.size > 0 && clock.monotonicMs() - lastSettleMs > SETTLE_MS)
    if (!isTime) return
    const tokens = [...settled]
    settled.clear() // where it fails, all of this side begins again
    lastSettleMs = clock.monotonicMs()
    await duty.site.settleSpool(tokens)
  }
  return {
    want: (job, end) => {
      const place = placeOf(job)
      wanted.set(place.token, { job, place, end: end === undefined ? wanted.get(place.token)?.end : end })
    },
    settle: (token) => void settled.add(token),
    turn,
    waiting: () => wanted.size,
  }
}

/** Fetches under way at once: ends that come while one waits for a remote command do not wait for it. */
const LANES = 2
const LONGEST_GATHER_MS = 500

/** Fetches whenever something is wanted, until the signal. */
export function openFetching(work: Reads, signal: AbortSignal, fail: (error: unknown) => void): Fetching {
  const fetcher = makeFetcher(work)
  let ring: (() => void) | undefined
  const loop = async () => {
    const underWay = new Set<Promise<void>>()
    let tookMs = 0
    while (!signal.aborted) {
      if (fetcher.waiting() === 0) await new Promise<void>((resolve) => void rest(resolve, signal, (wake) => (ring = wake)))
      // one that ends alone is fetched at once; of many, those that come while others are under way go together: the more, the longer a fetch takes
      if (fetcher.waiting() > 0 && underWay.size > 0) {
        const gatherMs = Math.max(work.config.GATHER_SECONDS * 1_000, Math.min(LONGEST_GATHER_MS, tookMs / 2))
        await wait(gatherMs, undefined, { signal }).catch(() => undefined)
      }
      const began = performance.now()
      const turn: Promise<void> = fetcher
        .turn()
        .catch(fail)
        .finally(() => {
          tookMs = performance.now() - began
          underWay.delete(turn)
        })
      underWay.add(turn)
      if (underWay.size >= LANES) await Promise.race(underWay)
    }
    await Promise.all(underWay)
  }
  return {
    ...fetcher,
    want: (job, end) => {
      fetcher.want(job, end)
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

async function fetchBatch(work: Reads, wanted: readonly WantedJob[]): Promise<void> {
  const { jobs: store, duty, clock } = work
  const ends = await endsOf(work, wanted)
  const charged = charge(work, wanted)
  charged.catch(() => undefined) // whoever waits for it hears of it
  const jobs = new Map(wanted.map(({ job, place }) => [place.token, job]))
  await duty.site.fetch(
    wanted.map(({ job, place }) => ({ place, keep: job.keeping?.keep ?? [], files: ends.get(place.token)?.files ?? null })),
    async (fetched) => {
      if (!duty.lease.isHeld()) return
      await Promise.all(fetched.map(({ token, contents }) => store.saveOutputs(token, filesOf(contents))))
      await charged // before any of them is `ended`: whoever is over was charged
      const at = isoTime(clock)
      const told = fetched.flatMap(({ token, report: { files, missing } }) => {
        const job = jobs.get(token)
        const command = { type: 'RecordOutputs', at, attempt: job?.attempt ?? 0, files, missing } as const
        return job === undefined ? [] : [{ jobId: job.id, command }]
      })
      await store.tellMany(told)
      duty.log.info({ jobs: told.map(({ jobId }) => jobId) }, 'outputs stored')
    },
  )
}

async function charge({ jobs: store, duty, clock }: Reads, wanted: readonly WantedJob[]): Promise<void> {
  const hasAccounting = (await store.findCluster(duty.cluster))?.inventory?.accounting ?? false
  const charged = wanted.map(({ job }) => ({ job, coreHours: usedCoreHours(job) }))
  if (duty.lease.isHeld()) await store.saveCharges(charged, { at: isoTime(clock), isFinal: !hasAccounting })
}

const filesOf = (contents: ReadonlyMap<string, Uint8Array>): readonly KeptFile[] =>
  [...contents].map(([path, content]) => ({ path, content }))

/** What is known of each end; folders are asked for those that nobody looked at. */
async function endsOf({ duty }: Reads, wanted: readonly WantedJob[]): Promise<ReadonlyMap<Token, EndSentinel | null>> {
  const unseen = wanted.filter(({ end }) => end === undefined).map(({ place }) => place)
  const sights = unseen.length === 0 ? new Map<Token, AttemptSight>() : await duty.site.look(unseen)
  return new Map(wanted.map(({ place: { token }, end }) => [token, end ?? sights.get(token)?.end ?? null]))
}
