import type { Site } from '@crystalmath/cluster'
import { type QueueListing, tokenOf } from '@crystalmath/contract'
import type { Duty } from '@crystalmath/duty'
import { schedulerFor } from '@crystalmath/schedulers'
import { jobsPort, openStore, type Store } from '@crystalmath/store'
import { makeReconciler } from '../../../services/poller/src/reconciling.ts'
import { ReadSettings } from '../../../services/poller/src/settings.ts'
import { usageOf } from '../platform/processes.ts'
import { median } from '../statistics.ts'
import { jobIdOf } from './fill.ts'
import { CLUSTER } from './ground.ts'

// A process of its own, under the poller's own options: URL of the database, its name, how many jobs are live, the kind that they were filled in as.

const CONFIG = ReadSettings.parse({})
const TICKS = 5
/** Of the first job, as `fill` has it; each next one came 10 s later. */
const SINCE = Date.parse('2026-01-01T00:00:00Z') / 1_000

/** Ticks of the poller's own code over a real store and a scripted queue that shows all of them running, as they did before. */
async function ticks(store: Store, live: number, kind: number) {
  let listings = 0
  const question = schedulerFor('slurm', { root: '/scratch/cm' }).queue({ account: 'cm', tokens: [] })
  const stdout = Array.from({ length: live }, (_, index) =>
    [index + 1, 'RUNNING', SINCE + 10 * index, SINCE + 10 * index + 5, 'c1', 'None', tokenOf(jobIdOf(kind, index), 1)].join(
      '\x1f',
    ),
  ).join('\n')
  const listQueue = async (): Promise<QueueListing> => {
    listings += 1
    const at = new Date()
    const head = { listingId: `l${listings}`, begunAt: at.toISOString(), clusterSeconds: at.getTime() / 1_000 }
    return { ...head, ...question.read({ stdout, stderr: '', exitCode: 0, complete: true }) }
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
  const [wall, cpu]: [number[], number[]] = [[], []]
  for (let tick = 0; tick < TICKS; tick += 1) {
    const [began, spent] = [performance.now(), process.cpuUsage()]
    await reconciler.turn()
    wall.push(performance.now() - began)
    const { user, system } = process.cpuUsage(spent)
    cpu.push((user + system) / 1_000)
  }
  const { rssMebibytes } = await usageOf(process.pid)
  const { heapUsed } = process.memoryUsage()
  return {
    ...{ ms: median(wall), cpuMs: median(cpu), listings: listings / TICKS, writes: (await writesOf(store)) - before },
    ...{ rssMebibytes, heapMebibytes: heapUsed / 2 ** 20 },
  }
}

export type Ticks = Awaited<ReturnType<typeof ticks>>

/** Updates and inserts that the server has done. */
async function writesOf({ db }: Store): Promise<number> {
  const { opcounters } = await db.admin().serverStatus()
  return opcounters.insert + opcounters.update
}

const [url = '', database = '', live = '', kind = ''] = process.argv.slice(2)
const store = await openStore({ url, database, source: '/crystalmath/poller' })
process.stdout.write(JSON.stringify(await ticks(store, Number(live), Number(kind))))
await store.close()
