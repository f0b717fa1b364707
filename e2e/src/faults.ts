import { setTimeout as pause } from 'node:timers/promises'
import { isOver, type JobRequestInput, type JobView } from '@crystalmath/contract'
import type { SiteOptions, Testbed } from '@crystalmath/testbed'
import { patiently } from './campaign.ts'
import { randomFrom } from './kills.ts'
import { judgeLedger, ledgerScript, readLedger, type Verdict } from './ledger.ts'
import { eventsSince, lastNoticedSeconds, storyOf, telling } from './noticing.ts'
import { openStage, type Stage, type StageOptions, scriptJob } from './stage.ts'

/** One thing that goes wrong on a real site, and what must be seen of it. */
export type Fault = {
  readonly name: string
  readonly site?: SiteOptions
  readonly settings?: Readonly<Record<string, string>>
  readonly replicas?: StageOptions['replicas']
  readonly isAsShipped?: boolean
  /** Another way to the site's sshd. */
  readonly way?: StageOptions['way']
  /** Cluster clock minus platform clock, which the settings make. */
  readonly clockOffsetSeconds?: number
  /** Changes the jobs that are posted; by default twelve that run for 2 to 5 s. */
  readonly jobs?: (stage: Stage) => readonly JobRequestInput[]
  /** On the site, before the platform knows of it; what it returns undoes it. */
  readonly furnish?: (site: Testbed) => Promise<() => Promise<void>>
  /** Before anything is posted. */
  readonly prepare?: (stage: Stage) => Promise<void>
  /** In the middle of it. */
  readonly inject?: (stage: Stage, jobs: readonly JobView[]) => Promise<void>
  /** What somebody at the site does all the while, again and again: an administrator, say. */
  readonly meanwhile?: (stage: Stage) => Promise<void>
  /** How long it stays before it is healed. */
  readonly seconds?: number
  readonly heal?: (stage: Stage) => Promise<void>
  /** Kinds of waiting of which one must be seen, on a job or on the cluster. */
  readonly waits?: readonly string[]
  /** Whether further attempts are explained by the fault. */
  readonly explains?: boolean
  /** What must hold of the jobs in the end beyond the ledger; returns what does not. */
  readonly check?: (jobs: readonly JobView[]) => readonly string[]
  /** Jobs that were made to fail. */
  readonly mayFail?: (job: JobView) => boolean
  readonly limitSeconds?: number
  /** Part of `npm test`. */
  readonly isQuick?: boolean
}

export type FaultReport = Verdict & {
  readonly name: string
  readonly seconds: number
  /** Every kind of waiting that was shown. */
  readonly waited: readonly string[]
  /** What came to the jobs from the fault on, counted by kind. */
  readonly events: string
  /** From healing to the end of the last job. */
  readonly recoverySeconds: number | null
  /** From healing until the last job was noticed. */
  readonly noticedSeconds: number | null
  /** What was observed of one job, line by line; of every job that came to harm. */
  readonly story: readonly string[]
  readonly troubles: readonly string[]
}

const twelve = (stage: Stage): readonly JobRequestInput[] =>
  Array.from({ length: 12 }, (_, i) => scriptJob(stage, ledgerScript(2 + (i % 4))))

export type FaultOptions = {
  readonly name: string
  /** Decides how long after the first job runs the fault comes: 0 to 2 s. */
  readonly seed?: number
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly say: (line: string) => void
}

/** Brings a site up, posts, injects, heals, waits for all, and holds what was said against what ran. */
export async function tryFault(fault: Fault, { name, environment, say, seed = 1 }: FaultOptions): Promise<FaultReport> {
  const { stage, undo } = await stageFor(fault, name, environment)
  const began = performance.now()
  const seconds = () => (performance.now() - began) / 1_000
  const tell = (what: string) => say(`${seconds().toFixed(1).padStart(6)} s  ${what}`)
  const offsetMs = (fault.clockOffsetSeconds ?? 0) * 1_000
  const stop = new AbortController()
  const meanwhile = fault.meanwhile === undefined ? undefined : again(() => fault.meanwhile?.(stage), stop.signal, tell)
  try {
    await fault.prepare?.(stage)
    const { jobs: made } = await stage.client.submitMany((fault.jobs ?? twelve)(stage))
    const watched = watch(
      stage,
      made.map(({ id }) => id),
    )
    const running = await watched.until((jobs) => jobs.some(({ status }) => status === 'running' || isOver(status)), 40)
    let sinceMs = began + performance.timeOrigin
    if (fault.inject !== undefined) {
      await pause(randomFrom(seed)() * 2_000)
      sinceMs = Date.now()
      await fault.inject(stage, running)
      tell(fault.name)
    }
    const back = performance.now() + (fault.seconds ?? 0) * 1_000
    await watched.until(() => performance.now() > back, fault.seconds ?? 0)
    await fault.heal?.(stage)
    const healed = seconds()
    const healedMs = Date.now()
    if (fault.heal !== undefined) tell('healed')
    const jobs = await watched.until((all) => all.every(({ status }) => isOver(status)), fault.limitSeconds ?? 120)
    const ledger = await readLedger(stage.site)
    const explained = new Set(fault.explains === true ? jobs.map(({ id }) => id as string) : [])
    const verdict = judgeLedger(jobs, ledger, explained, fault.mayFail)
    return {
      ...verdict,
      name: fault.name,
      story: await storiesOf(stage, jobs, verdict),
      events: await eventsSince(stage.client, jobs, sinceMs - offsetMs),
      noticedSeconds:
        fault.heal === undefined
          ? null
          : lastNoticedSeconds(jobs, ledger, healedMs - offsetMs, { clusterOffsetMs: offsetMs, ...roomOf(fault) }),
      seconds: seconds(),
      waited: [...watched.waited].sort(),
      recoverySeconds: fault.heal === undefined ? null : seconds() - healed,
      troubles: [...missingWaits(fault, watched.waited), ...(fault.check?.(jobs) ?? [])],
    }
  } finally {
    stop.abort()
    await meanwhile
    await undo()
    await stage.close()
  }
}

/** The stage as the fault wants it, and what undoes what was done to the site. */
async function stageFor(fault: Fault, name: string, environment: FaultOptions['environment']) {
  let undo = () => Promise.resolve()
  const { furnish, site, settings, replicas, way, isAsShipped = false } = fault
  const stage = await openStage({
    name,
    environment,
    isAsShipped,
    beforeRegistration: async (bed) => {
      if (furnish !== undefined) undo = await furnish(bed)
    },
    ...(site === undefined ? {} : { site }),
    ...(settings === undefined ? {} : { settings }),
    ...(replicas === undefined ? {} : { replicas }),
    ...(way === undefined ? {} : { way }),
  })
  return { stage, undo: () => undo() }
}

/** Does something every two seconds until the signal; what fails is said and tried again. */
async function again(what: () => Promise<void> | undefined, signal: AbortSignal, tell: (line: string) => void): Promise<void> {
  while (!signal.aborted) {
    await Promise.resolve(what()).catch((error: unknown) => tell(error instanceof Error ? error.message : String(error)))
    await pause(2_000, undefined, { signal }).catch(() => undefined)
  }
}

/** Looks at jobs and their cluster, and keeps every kind of waiting that was shown. */
function watch(stage: Stage, ids: readonly JobView['id'][]) {
  const waited = new Set<string>()
  const look = async () => {
    const jobs = await patiently(() => Promise.all(ids.map((id) => stage.client.job(id))), 60)
    for (const { waitingFor } of jobs) if (waitingFor !== null) waited.add(waitingFor.kind)
    const cluster = await stage.client.cluster(stage.cluster).catch(() => null)
    if (cluster?.waitingFor != null) waited.add(cluster.waitingFor.kind)
    return jobs
  }
  const until = async (done: (jobs: readonly JobView[]) => boolean, limitSeconds: number) => {
    const deadline = performance.now() + limitSeconds * 1_000
    for (;;) {
      const jobs = await look()
      if (done(jobs) || performance.now() > deadline) return jobs
      await pause(250)
    }
  }
  return { waited, until }
}

const roomOf = ({ site }: Fault) => (site?.maxSubmitJobs === undefined ? {} : { room: site.maxSubmitJobs })

const missingWaits = ({ waits }: Fault, waited: ReadonlySet<string>): readonly string[] =>
  waits === undefined || waits.some((kind) => waited.has(kind))
    ? []
    : [`none of ${waits.join(', ')} was shown; seen: ${[...waited].join(', ')}`]

/** What was observed of each job that came to harm; else of one that tells most. */
async function storiesOf({ client }: Stage, jobs: readonly JobView[], verdict: Verdict): Promise<readonly string[]> {
  const said = [verdict.doubled, verdict.lost, verdict.falseEnds].flat()
  const harmed = jobs.filter(({ id }) => said.some((line) => line.includes(id)))
  const told = harmed.length > 0 ? harmed : [telling(jobs)]
  return (await Promise.all(told.map(async (job) => (job === undefined ? [] : await storyOf(client, job))))).flat()
}
