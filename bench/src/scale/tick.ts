import type { Site } from '@crystalmath/cluster'
import { type QueueListing, type QueueRow, tokenOf } from '@crystalmath/contract'
import type { Duty } from '@crystalmath/duty'
import { jobsOf, jobsPort, type Store } from '@crystalmath/store'
import { makeReconciler } from '../../../services/poller/src/reconciling.ts'
import { ReadSettings } from '../../../services/poller/src/settings.ts'
import { fill, jobIdOf } from './fill.ts'
import { CLUSTER } from './ground.ts'

const KIND = 3
const CONFIG = ReadSettings.parse({})

/** A tick of the poller's own code over a real store and a scripted queue that shows all of them running, as they did before. */
export async function measureTick(store: Store, live: number): Promise<Readonly<Record<string, string>>> {
  await jobsOf(store).deleteMany({ status: 'running' })
  await fill(store, KIND, 0, live, true)
  let listings = 0
  const rows: readonly QueueRow[] = Array.from({ length: live }, (_, index) => ({
    ...{ nativeId: String(index + 1) as QueueRow['nativeId'], name: tokenOf(jobIdOf(KIND, index), 1), state: 'running' },
    ...{
      raw: 'RUNNING',
      reason: null,
      submittedSeconds: null,
      startedSeconds: null,
      nodes: 'c1',
      restartCount: null,
      ending: null,
    },
  }))
  const listQueue = async (): Promise<QueueListing> => {
    listings += 1
    const at = new Date()
    const head = { listingId: `l${listings}`, begunAt: at.toISOString(), clusterSeconds: at.getTime() / 1_000 }
    return { ...head, complete: true, trouble: null, rows }
  }
  const site = { spec: { queueIntervalSeconds: 0 }, listQueue } as unknown as Site
  const log = { warn: () => undefined, error: () => undefined } as unknown as Duty['log']
  const lease = { name: 'read', number: 1, isHeld: () => true, release: async () => undefined }
  const duty: Duty = { cluster: CLUSTER, site, lease, signal: new AbortController().signal, log }
  const fetcher = { want: () => undefined, settle: () => undefined, turn: async () => undefined, waiting: () => 0 }
  const clock = { now: () => Date.now(), monotonicMs: () => performance.now() }
  const reconciler = makeReconciler({ jobs: jobsPort(store), duty, config: CONFIG, clock }, fetcher)
  await reconciler.turn() // compiled
  listings = 0
  const before = await writesOf(store)
  const cpu = process.cpuUsage()
  const began = performance.now()
  await reconciler.turn()
  const ms = performance.now() - began
  const spent = process.cpuUsage(cpu)
  return {
    [`a tick over ${live} live jobs`]: `${ms.toFixed(0)} ms, ${((spent.user + spent.system) / 1_000).toFixed(0)} ms of CPU here`,
    '  listings of the queue': String(listings),
    '  writes to jobs that did not change': String((await writesOf(store)) - before),
    '  memory of this process': `${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB`,
  }
}

/** Updates and inserts that the server has done. */
async function writesOf({ db }: Store): Promise<number> {
  const { opcounters } = await db.admin().serverStatus()
  return opcounters.insert + opcounters.update
}
