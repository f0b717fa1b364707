import type { Site } from '@crystalmath/cluster'
import { type JobId, PermanentError, TransientError } from '@crystalmath/contract'
import type { Duty } from '@crystalmath/duty'
import type { Clock } from '@crystalmath/service'
import { pino } from 'pino'
import { parseJob } from '../../../services/parser/src/parse-job.ts'
import { makeFetcher } from '../../../services/poller/src/fetching.ts'
import { makeReconciler } from '../../../services/poller/src/reconciling.ts'
import { ReadSettings } from '../../../services/poller/src/settings.ts'
import { openWatching } from '../../../services/poller/src/watching.ts'
import type { Reads } from '../../../services/poller/src/work.ts'
import { recover } from '../../../services/recovery/src/recover.ts'
import { emptyMemory, writeTurn } from '../../../services/submitter/src/serve-writes.ts'
import { WriteSettings } from '../../../services/submitter/src/settings.ts'
import type { Work } from '../../../services/submitter/src/work.ts'
import { type Leases, leaseOf } from './leases.ts'
import { type Cluster, makeSite } from './site.ts'
import { type Database, jobsPortOf } from './store.ts'
import type { Process, World } from './world.ts'

export type Platform = {
  readonly world: World
  readonly database: Database
  readonly cluster: Cluster
  readonly leases: Leases
  /** Errors that are no weather. */
  readonly bugs: unknown[]
}

const log = pino({ level: 'silent' })

const WRITES = WriteSettings.parse({ SWEEP_SECONDS: 5, REFUSED_RETRY_SECONDS: 20 })
const READS = ReadSettings.parse({ GATHER_SECONDS: 0.25 })
/** One absence is an end. */
const HASTY: ReadSettings = { ...READS, ABSENCES: 1, ABSENCE_SECONDS: 0 }
/** The scheduler's word is taken at once, whatever a slow file system still hides. */
const CREDULOUS: ReadSettings = { ...READS, SENTINEL_SECONDS: 0 }
const readSettingsOf = ({ broken }: World): ReadSettings =>
  broken.has('absenceOnce') ? HASTY : broken.has('requeueIsAFailure') ? CREDULOUS : READS

const clockOf = ({ time }: World): Clock => ({ now: time.now, monotonicMs: time.now })

/** Runs a service for ever: a process that died is followed by the next, as under a supervisor. */
function supervise(platform: Platform, name: string, serve: (process: Process) => Promise<void>): void {
  const { world } = platform
  let starts = 0
  const start = () => {
    starts += 1
    const process = world.spawn(`${name}${starts > 1 ? `#${starts}` : ''}`)
    process.onDeath = () => world.time.after(world.chance.between(500, 20_000), start)
    serve(process).catch((error: unknown) => platform.bugs.push(error))
  }
  world.time.after(world.chance.between(0, 3_000), start)
}

/** Serves the cluster while the lease is held, again after every trouble. */
function keepDuty(platform: Platform, name: string, right: string, serve: (duty: Duty, process: Process) => Promise<void>): void {
  const { world, cluster, leases } = platform
  supervise(platform, name, async (process) => {
    const lease = leaseOf(world, leases, process, right)
    const renew = async () => {
      for (;;) {
        lease.tryTake()
        await world.sleep(process, 8_000)
      }
    }
    void renew()
    for (;;) {
      while (!lease.isHeld()) await world.sleep(process, 5_000)
      const site: Site = makeSite(world, cluster, process)
      const stop = new AbortController()
      try {
        await site.takeRoot({ installation: 'simulation', epoch: 1 })
        await serve({ cluster: cluster.spec.name, site, lease, signal: stop.signal, log }, process)
      } catch (error) {
        noteBug(platform, error)
        await world.sleep(process, 2_000)
      } finally {
        stop.abort()
      }
    }
  })
}

function noteBug({ bugs }: Platform, error: unknown): void {
  if (!(error instanceof TransientError) && !(error instanceof PermanentError)) bugs.push(error)
}

export function startSubmitter(platform: Platform, name: string): void {
  const { world, database } = platform
  keepDuty(platform, name, 'write', async (duty, process) => {
    const jobs = jobsPortOf(world, database, process)
    const memory = emptyMemory(WRITES)
    if (world.broken.has('feedsTheDead')) memory.pilots.closed.has = () => false
    const work: Work = { jobs, duty, config: WRITES, clock: clockOf(world), ...memory }
    while (duty.lease.isHeld()) {
      await writeTurn(work)
      await world.sleep(process, WRITES.SWEEP_SECONDS * 1_000)
    }
  })
}

export function startPoller(platform: Platform, name: string): void {
  const { world, database } = platform
  keepDuty(platform, name, 'read', async (duty, process) => {
    const config = readSettingsOf(world)
    const work: Reads = { jobs: jobsPortOf(world, database, process), duty, config, clock: clockOf(world) }
    const fetcher = makeFetcher(work)
    const reconciler = makeReconciler(work, fetcher)
    let trouble: unknown
    const fail = (error: unknown) => {
      trouble ??= error
    }
    await openWatching(work, fetcher, reconciler, duty.signal, fail)
    let isOver = false // for good: a lease that was lost ends this duty, whoever has it then
    const repeat = async (ms: number, turn: () => Promise<void>) => {
      for (;;) {
        isOver ||= trouble !== undefined || !duty.lease.isHeld()
        if (isOver) return
        await turn().catch(fail)
        await world.sleep(process, ms)
      }
    }
    await Promise.all([
      repeat(5_000, reconciler.turn),
      repeat(1_000, () => (fetcher.waiting() > 0 ? fetcher.turn() : Promise.resolve())),
    ])
    if (trouble !== undefined) throw trouble
  })
}

/** A consumer of news with a sweep for what the news missed; what it does is done twice if the news comes twice. */
function startConsumer(
  platform: Platform,
  name: string,
  makeHandler: (process: Process) => {
    handle(jobId: JobId, attempt: number): Promise<unknown>
    overdue(before: string): Promise<readonly { readonly id: JobId; readonly attempt: number }[]>
  },
): (jobId: JobId, attempt: number) => void {
  const { world } = platform
  let hear: ((jobId: JobId, attempt: number) => void) | null = null
  supervise(platform, name, async (process) => {
    const { handle, overdue } = makeHandler(process)
    const safely = (jobId: JobId, attempt: number) => handle(jobId, attempt).catch((error: unknown) => noteBug(platform, error))
    hear = (jobId, attempt) => {
      if (process.alive) void safely(jobId, attempt)
    }
    for (;;) {
      await world.sleep(process, 10_000)
      const before = new Date(world.time.now() - 20_000).toISOString()
      for (const { id, attempt } of await overdue(before)) await safely(id, attempt)
    }
  })
  return (jobId, attempt) => hear?.(jobId, attempt)
}

export function startParser(platform: Platform): (jobId: JobId, attempt: number) => void {
  const { world, database } = platform
  return startConsumer(platform, 'parser', (process) => {
    const jobs = jobsPortOf(world, database, process)
    const workers = {
      parse: () => Promise.reject(new Error('a script has no output to read')),
      close: () => Promise.resolve(),
    }
    const deps = { jobs, workers, log, clock: clockOf(world) }
    return { handle: (id, attempt) => parseJob(deps, id, attempt), overdue: (before) => jobs.findUnparsed(before, 50) }
  })
}

export function startRecovery(platform: Platform): (jobId: JobId, attempt: number) => void {
  const { world, database } = platform
  return startConsumer(platform, 'recovery', (process) => {
    const jobs = jobsPortOf(world, database, process)
    const deps = { jobs, filesOf: () => Promise.resolve([]), log, clock: clockOf(world) }
    return { handle: (id, attempt) => recover(deps, id, attempt), overdue: (before) => jobs.findUndecided(before, 200) }
  })
}
