import { type Bus, countDeadLetters } from '@crystalmath/bus'
import { STATUSES } from '@crystalmath/contract'
import { Gauge, Histogram, type Registry } from '@crystalmath/service'
import { countJobs, findInFlight, listClusters, type Store } from '@crystalmath/store'
import type { Answered } from './deps.ts'

/** Counting a million jobs takes a while: what was counted stands so long. */
const COUNTS_MS = 15_000

/** Requests as they are answered; jobs by status and dead letters when somebody looks. Returns how to count a request. */
export function openMetrics(registry: Registry, store: Store, bus: Bus): (answered: Answered) => void {
  const seconds = new Histogram({
    name: 'crystalmath_http_request_seconds',
    help: 'Time to answer a request; of a live stream, how long it stayed',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [registry],
  })
  const countedJobs = atMostEvery(COUNTS_MS, async () => (await countJobs(store.db, { projects: null })).byStatus)
  const jobs = new Gauge({
    name: 'crystalmath_jobs',
    help: 'Jobs by status',
    labelNames: ['status'],
    registers: [registry],
    collect: async () => {
      const byStatus = await countedJobs().catch(() => null)
      if (byStatus === null)
        jobs.reset() // unknown is not zero
      else for (const status of STATUSES) jobs.set({ status }, byStatus[status] ?? 0)
    },
  })
  const inQueues = atMostEvery(COUNTS_MS, async () => {
    const clusters = await listClusters(store)
    return Promise.all(clusters.map(async ({ spec: { name } }) => [name, await findInFlight(store, name)] as const))
  })
  const queued: Gauge<'cluster' | 'whose'> = new Gauge({
    name: 'crystalmath_queue_jobs',
    help: 'Jobs of an account that are in its queue or on their way: ours, and those that people submitted by hand',
    labelNames: ['cluster', 'whose'],
    registers: [registry],
    collect: async () => {
      queued.reset() // unknown is not zero
      for (const [cluster, { jobs: ours, ofAccount }] of await inQueues().catch(() => [])) {
        queued.set({ cluster, whose: 'ours' }, ours)
        queued.set({ cluster, whose: 'foreign' }, ofAccount - ours)
      }
    },
  })
  const countedLetters = atMostEvery(COUNTS_MS, () => countDeadLetters(bus))
  const letters: Gauge = new Gauge({
    name: 'crystalmath_dead_letters',
    help: 'Messages that a service gave up on and that nobody has sent again',
    registers: [registry],
    collect: async () => {
      letters.set(await countedLetters().catch(() => Number.NaN))
    },
  })
  return ({ method, route, status, ms }) => seconds.observe({ method, route, status: String(status) }, ms / 1_000)
}

/** Asks again only after a while; a failure is not remembered. */
function atMostEvery<T>(ms: number, count: () => Promise<T>): () => Promise<T> {
  let known: { readonly value: T; readonly atMs: number } | undefined
  return async () => {
    if (known === undefined || performance.now() - known.atMs > ms) known = { value: await count(), atMs: performance.now() }
    return known.value
  }
}
