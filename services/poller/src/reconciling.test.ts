import type { Site } from '@crystalmath/cluster'
import {
  BARE_SIGHT,
  ClusterName,
  type ClusterView,
  JobId,
  NativeId,
  type QueueListing,
  type QueueRow,
  tokenOf,
  type WaitingFor,
} from '@crystalmath/contract'
import type { Duty } from '@crystalmath/duty'
import { type Command, decide, evolve, type Job, type JobEvent } from '@crystalmath/job'
import type { JobsPort } from '@crystalmath/store'
import { describe, expect, it } from 'vitest'
import { posted, running, started, submitted } from '../../../libs/job/src/samples.ts'
import { BREAKER_GRACES } from './breaker.ts'
import { makeReconciler } from './reconciling.ts'
import { ReadSettings } from './settings.ts'

const START_MS = Date.parse('2026-11-21T12:00:00.000Z')
const GRACE_SECONDS = 60
const QUIET = { error: () => undefined, warn: () => undefined } as unknown as Duty['log']
const config = ReadSettings.parse({ GATHER_SECONDS: 0.25, ABSENCE_SECONDS: GRACE_SECONDS })

/** Running jobs, or pending ones, a queue that shows those of `shown`, and a clock that is moved by hand. */
function cluster(count: number, { isPending = false } = {}) {
  const jobs = new Map<JobId, Job>()
  const events: readonly JobEvent[] = [started(1), submitted(1), ...(isPending ? [] : [running])]
  for (let i = 0; i < count; i += 1) {
    const id = JobId.parse(`01890a5d-ac96-774b-bcce-b302099a${(0x8000 + i).toString(16)}`)
    jobs.set(id, { ...events.reduce<Job>(evolve, evolve(null, posted)), id })
  }
  const shown = new Set([...jobs.keys()])
  const waits: (WaitingFor | null)[] = []
  const foreign: (number | null)[] = []
  const byHand: QueueRow[] = []
  let nowMs = START_MS
  let listings = 0
  const head = () => ({ listingId: `l${listings++}`, begunAt: new Date(nowMs).toISOString(), clusterSeconds: nowMs / 1_000 })
  const rowOf = (id: JobId): QueueRow => ({
    nativeId: jobs.get(id)?.nativeId ?? never(),
    name: tokenOf(id, 1),
    state: 'running',
    raw: 'RUNNING',
    reason: null,
    submittedSeconds: null,
    startedSeconds: null,
    nodes: 'c1',
    restartCount: null,
    ending: null,
  })
  const site = {
    spec: { queueIntervalSeconds: 30 },
    listQueue: (): Promise<QueueListing> =>
      Promise.resolve({ ...head(), complete: true, trouble: null, rows: [...[...shown].map(rowOf), ...byHand] }),
    listAccounting: () => Promise.resolve({ ...head(), complete: true, trouble: null, rows: [] }),
    look: (places: readonly { readonly token: string }[]) =>
      Promise.resolve(
        new Map(
          places.map(({ token }) => [
            token,
            {
              lookedAt: new Date(nowMs).toISOString(),
              clusterSeconds: nowMs / 1_000,
              ...BARE_SIGHT,
            },
          ]),
        ),
      ),
  } as unknown as Site
  const port = {
    findUnfetched: () => Promise.resolve([]),
    findLive: () => Promise.resolve([...jobs.values()].filter(({ end }) => end === null)),
    findCluster: () => Promise.resolve({ inventory: { accounting: true } } as unknown as ClusterView),
    saveForeignJobs: (_name: string, count: number | null) => Promise.resolve(void foreign.push(count)),
    saveClusterWait: (_name: string, wait: WaitingFor | null) => Promise.resolve(void waits.push(wait)),
    tellMany: (told: readonly { readonly jobId: JobId; readonly command: Command }[]) => {
      for (const { jobId, command } of told) {
        const job = jobs.get(jobId) ?? never()
        jobs.set(jobId, decide(command, job).reduce<Job>(evolve, job))
      }
      return Promise.resolve(new Map(told.map(({ jobId }) => [jobId, jobs.get(jobId) ?? never()])))
    },
  } as unknown as JobsPort
  const reconciler = makeReconciler(
    {
      jobs: port,
      config,
      clock: { now: () => nowMs, monotonicMs: () => nowMs },
      duty: {
        cluster: ClusterName.parse('alps'),
        site,
        log: QUIET,
        lease: { name: 'read:alps', number: 1, isHeld: () => true, release: () => Promise.resolve() },
        signal: new AbortController().signal,
      },
    },
    { want: () => undefined, settle: () => undefined, turn: () => Promise.resolve(), waiting: () => 0 },
  )
  return {
    ids: [...jobs.keys()],
    shown,
    ended: () => [...jobs.values()].filter(({ end }) => end !== null).length,
    wait: () => waits.at(-1) ?? null,
    foreign,
    /** One more job, which the scheduler takes under this id. */
    submit(nativeId: string, tryNumber = 1) {
      const id = JobId.parse(`01890a5d-ac96-774b-bcce-b302099a${(0x9000 + jobs.size).toString(16)}`)
      const job = { ...[started(tryNumber), submitted(tryNumber)].reduce<Job>(evolve, evolve(null, posted)), id }
      const at = new Date(nowMs).toISOString()
      jobs.set(id, { ...job, nativeId: NativeId.parse(nativeId), claimedAt: at, submittedAt: at })
      shown.add(id)
    },
    submitByHand: (state: QueueRow['state']) =>
      void byHand.push({ ...rowOf([...jobs.keys()][0] ?? never()), name: 'by hand', state }),
    async turnFor(seconds: number) {
      for (const end = nowMs + seconds * 1_000; nowMs < end; ) {
        nowMs += 30_000
        await reconciler.turn()
      }
    },
  }
}

const never = (): never => {
  throw new Error('there is no such job')
}

describe('jobs that people submitted by hand', () => {
  it('are counted while they are in the queue, and written when their number changes', async () => {
    const alps = cluster(3)
    await alps.turnFor(60)
    alps.submitByHand('pending')
    alps.submitByHand('running')
    alps.submitByHand('ended')
    await alps.turnFor(90)
    expect(alps.foreign).toEqual([0, 2])
  })
})

describe('the circuit breaker', () => {
  it('opens when at least five and more than three in ten jobs vanish at once, and ends none of them within the usual grace', async () => {
    const alps = cluster(12)
    for (const id of alps.ids.slice(0, 5)) alps.shown.delete(id)
    await alps.turnFor(4 * GRACE_SECONDS)
    expect(alps.wait()).toMatchObject({ kind: 'CIRCUIT_OPEN', because: expect.stringMatching(/^5 of 12 live jobs vanished/) })
    expect(alps.ended()).toBe(0)
  })

  it('closes by itself when they are seen again', async () => {
    const alps = cluster(12)
    alps.shown.clear()
    await alps.turnFor(60)
    expect(alps.wait()?.kind).toBe('CIRCUIT_OPEN')
    for (const id of alps.ids) alps.shown.add(id)
    await alps.turnFor(30)
    expect(alps.wait()).toBeNull()
    await alps.turnFor(2 * BREAKER_GRACES * GRACE_SECONDS)
    expect(alps.ended()).toBe(0)
  })

  it('believes a scheduler that lost its state after several graces, and closes then', async () => {
    const alps = cluster(12)
    alps.shown.clear()
    await alps.turnFor((BREAKER_GRACES + 2) * GRACE_SECONDS)
    expect(alps.ended()).toBe(12)
    await alps.turnFor(60)
    expect(alps.wait()).toBeNull()
  })

  it('believes it after one grace where the scheduler gave a smaller id to a later submission and they were merely queued', async () => {
    const alps = cluster(12, { isPending: true })
    alps.shown.clear()
    alps.submit('3')
    await alps.turnFor(60)
    expect(alps.wait()?.because).toMatch(/counts its ids anew/)
    expect(alps.ended()).toBe(0)
    await alps.turnFor(2 * GRACE_SECONDS)
    expect(alps.ended()).toBe(12)
  })

  it.each([
    ['they ran: what runs may go on without its scheduler', false, '3', 1],
    ['the later one has a larger id', true, '9000', 1],
    ['an earlier try may have got the smaller id', true, '3', 2],
  ] as const)('does not where %s', async (_, isPending, nativeId, tryNumber) => {
    const alps = cluster(12, { isPending })
    alps.shown.clear()
    alps.submit(nativeId, tryNumber)
    await alps.turnFor(4 * GRACE_SECONDS)
    expect(alps.ended()).toBe(0)
  })

  it('stays closed for a few: they are lost after the usual grace', async () => {
    const alps = cluster(12)
    for (const id of alps.ids.slice(0, 3)) alps.shown.delete(id)
    await alps.turnFor(3 * GRACE_SECONDS)
    expect(alps.wait()).toBeNull()
    expect(alps.ended()).toBe(3)
  })
})
