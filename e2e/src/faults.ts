import { setTimeout as pause } from 'node:timers/promises'
import { isOver, type JobRequestInput, type JobView } from '@crystalmath/contract'
import type { SiteOptions, Testbed } from '@crystalmath/testbed'
import { patiently } from './campaign.ts'
import { judgeLedger, ledgerScript, readLedger, type Verdict } from './ledger.ts'
import { lastNoticedSeconds, storyOf, telling } from './noticing.ts'
import { openStage, type Stage, type StageOptions, scriptJob } from './stage.ts'

/** One thing that goes wrong on a real site, and what must be seen of it. */
export type Fault = {
  readonly name: string
  readonly site?: SiteOptions
  readonly settings?: Readonly<Record<string, string>>
  readonly replicas?: StageOptions['replicas']
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

/** Brings a site up, posts, injects, heals, waits for all, and holds what was said against what ran. */
export async function tryFault(
  fault: Fault,
  {
    name,
    environment,
    say,
  }: {
    readonly name: string
    readonly environment: Readonly<Record<string, string | undefined>>
    readonly say: (line: string) => void
  },
): Promise<FaultReport> {
  let undo: (() => Promise<void>) | undefined
  const { furnish } = fault
  const stage = await openStage({
    name,
    environment,
    ...(furnish === undefined
      ? {}
      : {
          beforeRegistration: async (site) => {
            undo = await furnish(site)
          },
        }),
    ...(fault.site === undefined ? {} : { site: fault.site }),
    ...(fault.settings === undefined ? {} : { settings: fault.settings }),
    ...(fault.replicas === undefined ? {} : { replicas: fault.replicas }),
    ...(fault.way === undefined ? {} : { way: fault.way }),
  })
  const began = performance.now()
  const seconds = () => (performance.now() - began) / 1_000
  const waited = new Set<string>()
  try {
    await fault.prepare?.(stage)
    const { jobs: made } = await stage.client.submitMany((fault.jobs ?? twelve)(stage))
    const ids = made.map(({ id }) => id)
    const look = async () => {
      const jobs = await patiently(() => Promise.all(ids.map((id) => stage.client.job(id))), 60)
      for (const { waitingFor } of jobs) if (waitingFor !== null) waited.add(waitingFor.kind)
      const cluster = await stage.client.cluster(stage.cluster).catch(() => null)
      if (cluster?.waitingFor != null) waited.add(cluster.waitingFor.kind)
      return jobs
    }
    const until = async (done: (jobs: readonly JobView[]) => boolean, limit: number) => {
      const deadline = performance.now() + limit * 1_000
      for (;;) {
        const jobs = await look()
        if (done(jobs) || performance.now() > deadline) return jobs
        await pause(250)
      }
    }
    const running = await until((jobs) => jobs.some(({ status }) => status === 'running' || isOver(status)), 40)
    if (fault.inject !== undefined) {
      await fault.inject(stage, running)
      say(`${seconds().toFixed(1).padStart(6)} s  ${fault.name}`)
    }
    const back = performance.now() + (fault.seconds ?? 0) * 1_000
    await until(() => performance.now() > back, fault.seconds ?? 0)
    await fault.heal?.(stage)
    const healed = seconds()
    const healedMs = Date.now()
    const offsetMs = (fault.clockOffsetSeconds ?? 0) * 1_000
    if (fault.heal !== undefined) say(`${healed.toFixed(1).padStart(6)} s  healed`)
    const jobs = await until((all) => all.every(({ status }) => isOver(status)), fault.limitSeconds ?? 120)
    const ledger = await readLedger(stage.site)
    const explained = new Set(fault.explains === true ? jobs.map(({ id }) => id as string) : [])
    const missingWaits =
      fault.waits !== undefined && !fault.waits.some((kind) => waited.has(kind))
        ? [`none of ${fault.waits.join(', ')} was shown; seen: ${[...waited].join(', ')}`]
        : []
    const verdict = judgeLedger(jobs, ledger, explained, fault.mayFail)
    const harmed = jobs.filter(({ id }) =>
      [verdict.doubled, verdict.lost, verdict.falseEnds].flat().some((line) => line.includes(id)),
    )
    const told = harmed.length > 0 ? harmed : [telling(jobs)]
    return {
      ...verdict,
      name: fault.name,
      story: (await Promise.all(told.map(async (job) => (job === undefined ? [] : await storyOf(stage.client, job))))).flat(),
      noticedSeconds: fault.heal === undefined ? null : lastNoticedSeconds(jobs, ledger, healedMs - offsetMs, offsetMs),
      seconds: seconds(),
      waited: [...waited].sort(),
      recoverySeconds: fault.heal === undefined ? null : seconds() - healed,
      troubles: [...missingWaits, ...(fault.check?.(jobs) ?? [])],
    }
  } finally {
    await undo?.()
    await stage.close()
  }
}
