import { namesOf, type Place } from '@crystalmath/cluster'
import { type AccountingRow, type Ending, NativeId, type QueueRow, queueKey, rowKey, type Token } from '@crystalmath/contract'
import type { Member } from './folders.ts'
import type { Process, World } from './world.ts'

/** One job of the scripted scheduler. */
export type SlurmJob = {
  readonly id: NativeId
  /** Of the attempt that it runs. */
  readonly token: Token
  /** Of a pilot: whose tickets it has; null: it runs one attempt. */
  readonly members: readonly Member[] | null
  /** In the queue: the attempt's token, or its batch's. */
  readonly name: Token
  state: 'PENDING' | 'RUNNING' | 'COMPLETING' | 'over'
  restart: number
  /** Cluster clock, as the scheduler tells it. */
  submittedSeconds: number
  startedSeconds: number | null
  endedSeconds: number | null
  ending: Ending | null
  exitCode: number
  endedMs: number
  run: Process | null
  /** SIGTERM to what runs; resolves what it interrupts. */
  terminate: (() => void) | null
  /** Being requeued: what runs is told to end, and its end is none of the job's. */
  isRequeued: boolean
  /** Forgotten by a scheduler that lost its state. */
  forgotten: boolean
  /** Who cancelled it, where accounting names somebody. */
  cancelledBy: string | null
}

export const CANCELLED_BY_ADMIN = 'cancelled by an administrator'
export const REQUEUED = 'requeued'

/** What changed, for accounting that lags and listings that are stale. */
type Snapshot = { readonly atMs: number; readonly queue: readonly QueueRow[] }

export type Slurm = {
  submit(token: Token): SlurmJob
  /** One submission of all members; the id of the array. */
  submitArray(name: Token, members: readonly Member[]): NativeId
  submitPilot(name: Token, members: readonly Member[]): NativeId
  /** By name, and in an array by the member's index. */
  cancel(places: readonly Place[], why: string): void
  queueNow(): readonly QueueRow[]
  /** The queue as it was so long ago. */
  queueBefore(ms: number): readonly QueueRow[]
  accounting(names: readonly Token[]): readonly AccountingRow[]
  isIdle(): boolean
  readonly jobs: readonly SlurmJob[]
  /** Notes that a try of an attempt asked for a job. */
  asked(token: Token, tryNumber: number): void
}

export type RunJob = (job: SlurmJob, process: Process) => Promise<number>

/** How long an ended job stays in the queue listing, and how long a job gets between SIGTERM and SIGKILL. */
const MIN_JOB_AGE_MS = 20_000
const KILL_WAIT_MS = 30_000

export type SlurmOptions = {
  readonly run: RunJob
  /** An event of the cluster that explains a bad end of this attempt. */
  readonly explain: (token: Token, why: string) => void
  /** How often each try asked for a job. */
  readonly requests: Map<string, number>
}

export function makeSlurm(world: World, { run, explain, requests }: SlurmOptions): Slurm {
  const { time, weather, chance, goesWrong, trace } = world
  const jobs: SlurmJob[] = []
  const past: Snapshot[] = []
  const records = new Map<SlurmJob, AccountingRow[]>()
  let nextId = 1
  const seconds = () => Math.floor((time.now() + weather.clockOffsetMs) / 1_000)

  const remember = (job: SlurmJob) => {
    past.push({ atMs: time.now(), queue: queueNow() })
    const { restart } = job
    const record = rowOf(job)
    time.after(chance.between(0, weather.accountingLagMs), () => {
      const rows = records.get(job) ?? []
      rows[restart] = record
      records.set(job, rows)
    })
  }
  const queueNow = () =>
    jobs
      .filter((job) => !job.forgotten && (job.state !== 'over' || time.now() - job.endedMs < MIN_JOB_AGE_MS))
      .map((job) => queueRowOf(job))

  const over = (job: SlurmJob, ending: Ending, exitCode: number) => {
    if (job.state === 'over' || job.forgotten) return
    Object.assign(job, {
      state: 'over',
      ending,
      exitCode,
      endedSeconds: job.endedSeconds ?? seconds(),
      endedMs: time.now(),
      run: null,
      terminate: null,
    })
    trace(() => `slurm: job ${job.id} of ${labelOf(job)} is over: ${ending} ${exitCode}`)
    remember(job)
  }

  const start = async (job: SlurmJob) => {
    if (job.state !== 'PENDING' || job.forgotten) return
    if (
      job.restart === 0 &&
      jobs.some((other) => other !== job && other.id === job.id && other.startedSeconds !== null) &&
      chance.happens(0.5)
    ) {
      explain(job.token, 'its node knows the id from before the scheduler lost its state')
      Object.assign(job, { startedSeconds: seconds(), cancelledBy: '0' })
      return over(job, 'CANCELLED', 0)
    }
    const process = world.spawn(`run ${job.id}.${job.restart}`)
    Object.assign(job, { state: 'RUNNING', startedSeconds: seconds(), run: process })
    trace(() => `slurm: job ${job.id}.${job.restart} of ${labelOf(job)} starts`)
    remember(job)
    troubles(job, process)
    const code = await run(job, process)
    if (job.run !== process || (job.isRequeued && job.ending === null)) return
    job.state = 'COMPLETING'
    remember(job)
    time.after(chance.between(0, 4_000), () => {
      if (job.run === process) over(job, job.ending ?? (code === 0 ? 'COMPLETED' : 'FAILED'), code)
    })
  }

  /** SIGTERM, then SIGKILL; the word is the scheduler's. */
  const end = (job: SlurmJob, ending: Ending) => {
    if (job.state === 'over' || job.forgotten || job.ending !== null) return
    if (job.state === 'PENDING') return over(job, ending, 0)
    const process = job.run
    job.ending = ending
    job.endedSeconds = seconds()
    job.state = 'COMPLETING'
    remember(job)
    if (process !== null && job.terminate === null) {
      world.kill(process, 'SIGTERM before its trap')
      time.after(500, () => over(job, ending, 143))
    }
    job.terminate?.()
    time.after(KILL_WAIT_MS, () => {
      if (process === null || job.run !== process) return
      world.kill(process, 'SIGKILL')
      over(job, ending, 143)
    })
  }

  const troubles = (job: SlurmJob, process: Process) => {
    const soon = () => chance.between(0, 40_000)
    const happensTo = (probability: number, why: string, happen: () => void) => {
      if (!goesWrong(probability)) return
      time.after(soon(), () => {
        if (job.run !== process || job.state !== 'RUNNING') return
        explain(job.token, why)
        trace(() => `slurm: job ${job.id} of ${labelOf(job)}: ${why}`)
        happen()
      })
    }
    happensTo(weather.nodeFails, 'node fails', () => {
      world.kill(process, 'its node failed')
      time.after(chance.between(0, 20_000), () => over(job, 'NODE_FAILED', 0))
    })
    happensTo(weather.preempted, 'preempted', () => end(job, 'PREEMPTED'))
    happensTo(weather.cancelledByAdmin, CANCELLED_BY_ADMIN, () => {
      job.cancelledBy = '0'
      end(job, 'CANCELLED')
    })
    happensTo(weather.requeued, REQUEUED, () => requeue(job, process))
  }

  /** The same id again: what runs is ended, a new start follows. */
  const requeue = (job: SlurmJob, process: Process) => {
    if (job.terminate === null) world.kill(process, 'SIGTERM before its trap')
    job.terminate?.()
    Object.assign(job, { state: 'COMPLETING', isRequeued: true })
    remember(job)
    time.after(chance.between(0, 5_000), () => {
      if (job.run !== process || job.state === 'over') return
      world.kill(process, 'requeued')
      Object.assign(job, {
        restart: job.restart + 1,
        state: 'PENDING',
        isRequeued: false,
        startedSeconds: null,
        run: null,
        terminate: null,
        submittedSeconds: seconds(),
      })
      remember(job)
      time.after(chance.between(1_000, 60_000), () => void start(job))
    })
  }

  if (weather.losesState)
    time.after(chance.between(20_000, 200_000), () => {
      trace(() => 'slurm: the controller lost its state')
      for (const job of jobs) {
        if (job.state === 'over') continue
        explain(job.token, 'the scheduler lost its state')
        if (job.run !== null) world.kill(job.run, 'unknown to the controller')
        job.forgotten = true
      }
      past.push({ atMs: time.now(), queue: [] })
      nextId = 1
    })

  return {
    jobs,
    asked(token, tryNumber) {
      const key = `try ${tryNumber} of ${token}`
      requests.set(key, (requests.get(key) ?? 0) + 1)
    },
    submit: (token) => add(String(nextId++) as NativeId, token, token),
    submitArray(name, members) {
      const id = String(nextId++) as NativeId
      for (const { index, token } of members) add(NativeId.parse(`${id}_${index}`), token, name)
      return id
    },
    submitPilot: (name, members) => add(String(nextId++) as NativeId, name, name, members).id,
    cancel(places, why) {
      const wanted = new Set(places.flatMap((place) => namesOf(place).map(queueKey)))
      for (const job of jobs) {
        if (!wanted.has(rowKey({ name: job.name, nativeId: job.id })) || job.state === 'over' || job.forgotten) continue
        explain(job.token, why)
        end(job, 'CANCELLED')
      }
    },
    queueNow,
    queueBefore: (ms) => past.findLast(({ atMs }) => atMs <= time.now() - ms)?.queue ?? [],
    accounting: (names) => [...records].filter(([job]) => names.includes(job.name)).flatMap(([, rows]) => rows.filter(Boolean)),
    isIdle: () => jobs.every(({ state, forgotten }) => state === 'over' || forgotten),
  }

  function add(id: NativeId, token: Token, name: Token, members: readonly Member[] | null = null): SlurmJob {
    const job: SlurmJob = {
      id,
      token,
      members,
      name,
      state: 'PENDING',
      restart: 0,
      submittedSeconds: seconds(),
      startedSeconds: null,
      endedSeconds: null,
      ending: null,
      exitCode: 0,
      endedMs: 0,
      run: null,
      terminate: null,
      isRequeued: false,
      forgotten: false,
      cancelledBy: null,
    }
    jobs.push(job)
    trace(() => `slurm: job ${id} is ${labelOf(job)}`)
    remember(job)
    time.after(chance.pick([500, 5_000, 60_000]) * chance.next(), () => void start(job))
    return job
  }
}

/** Ids of batches are new with every run of a trial. */
const labelOf = ({ members, token }: SlurmJob): string => (members === null ? token : `a pilot of ${members.length}`)

const STATE = { PENDING: 'pending', RUNNING: 'running', COMPLETING: 'completing', over: 'ended' } as const

const queueRowOf = (job: SlurmJob): QueueRow => ({
  nativeId: job.id,
  name: job.name,
  state: STATE[job.state],
  raw: job.state === 'over' ? (job.ending ?? '') : job.state,
  reason: null,
  submittedSeconds: job.submittedSeconds,
  startedSeconds: job.startedSeconds,
  nodes: job.startedSeconds === null ? null : 'c1',
  restartCount: job.restart,
  ending: job.state === 'over' ? job.ending : null,
})

/** Accounting writes the end down when the job begins to end, not when its last process is gone. */
const rowOf = (job: SlurmJob): AccountingRow => ({
  nativeId: job.id,
  name: job.name,
  comment: job.name,
  raw: job.ending ?? job.state,
  ending: job.ending,
  exitCode: job.exitCode,
  signal: 0,
  submittedSeconds: job.submittedSeconds,
  startedSeconds: job.startedSeconds,
  endedSeconds: job.endedSeconds,
  elapsedSeconds: null,
  coreCount: 1,
  nodes: 'c1',
  cancelledBy: job.cancelledBy,
  reason: null,
  steps: [],
})
