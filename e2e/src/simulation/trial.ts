import { ClusterSpec, type ClusterView, isOver, partsOf, type Token } from '@crystalmath/contract'
import { type Platform, startParser, startPoller, startRecovery, startSubmitter } from './actors.ts'
import { makeFiles } from './folders.ts'
import type { Mutation } from './mutations.ts'
import { makePilot } from './pilot.ts'
import { type Execution, makeRun } from './run.ts'
import { CANCELLED_BY_ADMIN, makeSlurm, REQUEUED, type Slurm } from './slurm.ts'
import { emptyDatabase } from './store.ts'
import { startUser } from './users.ts'
import { judgeTrial, type Verdict } from './verdict.ts'
import type { Weather } from './weather.ts'
import { makeWorld, START_MS } from './world.ts'

export type TrialOptions = {
  readonly seed: number
  readonly tracing?: boolean
  readonly broken?: readonly Mutation[]
  /** What the weather is in any case. */
  readonly weather?: Partial<Weather>
}

export type Trial = Verdict & { readonly seed: number; readonly events: number; readonly lines: readonly string[] }

/** After it is calm, everything has to be over within so long. */
const PATIENCE_MS = 2_400_000

/** One seeded trial: the services' own code against a scripted cluster, in simulated time, until all is quiet. */
export async function runTrial({ seed, tracing = false, broken = [], weather: forced = {} }: TrialOptions): Promise<Trial> {
  const world = makeWorld({ seed, tracing, broken: new Set(broken), forced })
  const { time, chance, weather } = world
  const files = makeFiles(world)
  const database = emptyDatabase(CLUSTER_VIEW(weather.hasAccounting))
  const executions: Execution[] = []
  const explained = new Map<string, string>()
  const unfollowed: string[] = []
  const requests = new Map<string, number>()
  const bad = new Map<string, number>()
  const runOne = makeRun(world, {
    files,
    executions,
    exitCodeOf: (token) => {
      const code = bad.get(token) ?? (world.goesWrong(weather.exitsBadly) ? 1 : 0)
      bad.set(token, code)
      if (code !== 0) explain(token, `it ended with ${code}`)
      return code
    },
    onStart: ({ token, owner }) => {
      const { jobId, attempt } = partsOf(token)
      const job = database.jobs.get(jobId)
      const isFollowed = job !== undefined && ((!isOver(job.status) && job.attempt === attempt) || job.fencing === attempt)
      world.trace(() => `run: ${token} is executed by ${owner}`)
      if (!isFollowed) unfollowed.push(`${token} is executed by ${owner} when the job is ${job?.status}, attempt ${job?.attempt}`)
    },
  })
  const cancelled = new Set<Token>()
  const requeued = new Set<Token>()
  const explain = (token: Token, why: string) => {
    // where something else befell it too, either may be what it ended of
    if (why === REQUEUED && !explained.has(token)) requeued.add(token)
    else requeued.delete(token)
    explained.set(token, why)
    // what befalls a pilot befalls its members
    const own = slurm.jobs.filter((job) => job.name === token).flatMap((job) => job.members ?? [])
    const members = [...own, ...(files.feeds.get(token) ?? []).flatMap(({ value }) => value.members)]
    for (const member of members) explained.set(member.token, why)
    if (why === CANCELLED_BY_ADMIN && members.length === 0) cancelled.add(token)
  }
  const runPilot = makePilot(world, { files, run: runOne, explain })
  const slurm: Slurm = makeSlurm(world, {
    run: (job, process) => (job.members === null ? runOne(job, process) : runPilot(job, process)),
    explain,
    requests,
  })
  const platform: Platform = {
    world,
    database,
    cluster: { files, slurm, spec: SPEC },
    leases: new Map(),
    bugs: [],
  }
  const parse = startParser(platform)
  const recover = startRecovery(platform)
  for (const name of ['submitter A', 'submitter B']) startSubmitter(platform, name)
  for (const name of ['poller A', 'poller B']) startPoller(platform, name)
  const ids = startUser(platform)
  database.onNews = ({ type, job }) => {
    const hear = type === 'RecoveryRequested' ? recover : type === 'StateChanged' && job.status === 'ended' ? parse : null
    if (hear === null) return
    const tellIn = (ms: number) => time.after(ms, () => hear(job.id, job.attempt))
    if (!world.goesWrong(weather.newsLost)) tellIn(chance.between(1, 2_000))
    if (world.goesWrong(weather.newsTwice)) tellIn(chance.between(1, 30_000))
  }

  const isQuiet = () =>
    time.now() > START_MS + 61_000 &&
    world.loose.count === 0 &&
    slurm.isIdle() &&
    ids.every((id) => {
      const job = database.jobs.get(id)
      return job !== undefined && isOver(job.status)
    })
  await time.run(world.calmMs + PATIENCE_MS, isQuiet)
  const jobs = ids.flatMap((id) => database.jobs.get(id) ?? [])
  const verdict = judgeTrial({
    jobs,
    events: database.events,
    executions,
    requests,
    explained,
    cancelled,
    requeued,
    unfollowed,
    bugs: platform.bugs,
  })
  return { seed, events: time.events(), lines: world.lines, ...verdict }
}

const SPEC = ClusterSpec.parse({
  name: 'alps',
  scheduler: 'slurm',
  ssh: { host: 'alps', user: 'ada', key: 'key' },
  root: '/scratch/ada/crystalmath',
  queueIntervalSeconds: 10,
})

const CLUSTER_VIEW = (accounting: boolean): ClusterView => ({
  spec: SPEC,
  waitingFor: null,
  foreignJobs: null,
  inventory: {
    checkedAt: new Date(START_MS).toISOString(),
    schedulerVersion: '22.05',
    partitions: [
      {
        name: 'short',
        isDefault: true,
        available: true,
        maxWalltimeSeconds: null,
        nodeCount: 4,
        coresPerNode: 2,
        memoryMebibytesPerNode: 4_000,
      },
    ],
    maxArraySize: 1_001,
    minJobAgeSeconds: 20,
    killWaitSeconds: 30,
    accounting,
    clockOffsetSeconds: 0,
    freeMebibytes: null,
    pseudopotentials: {},
    findings: [],
  },
})
