import { setTimeout as pause } from 'node:timers/promises'
import { isOver, type JobView, type Packing } from '@crystalmath/contract'
import { randomFrom } from './kills.ts'
import { type LedgerLine, ledgerScript, readLedger, type Verdict } from './ledger.ts'
import type { Tally, TrialsOptions } from './real-trials.ts'
import { openStage, type Stage, scriptJob } from './stage.ts'

export type Cancels = Verdict & {
  readonly jobs: readonly JobView[]
  /** By each job's id: when after the post it was cancelled, seconds. */
  readonly moments: ReadonlyMap<string, number>
}

type Wanted = {
  readonly count: number
  readonly seed: number
  readonly packing: Packing
  /** Moments are spread over so many seconds after the post. */
  readonly withinSeconds?: number
}

/** Posts jobs of 2 s, cancels each at a random moment of its life, and holds our word against the ledger, the queue and accounting. */
export async function cancelAtRandom(stage: Stage, { count, seed, packing, withinSeconds = 9 }: Wanted): Promise<Cancels> {
  const random = randomFrom(seed)
  const { client, site } = stage
  const { jobs: made } = await client.submitMany(
    Array.from({ length: count }, () => scriptJob(stage, ledgerScript(2), { packing })),
  )
  const moments = new Map(made.map(({ id }) => [id as string, random() * withinSeconds]))
  await Promise.all(
    made.map(async ({ id }) => {
      await pause((moments.get(id) ?? 0) * 1_000)
      await client.cancel(id).catch(() => undefined) // it may be over already: then there is nothing to cancel
    }),
  )
  const look = () => Promise.all(made.map(({ id }) => client.job(id)))
  let jobs = await look()
  for (
    const deadline = performance.now() + 120_000;
    performance.now() < deadline && !jobs.every(({ status }) => isOver(status));
  ) {
    await pause(250)
    jobs = await look()
  }
  const quiet = await readLedger(site)
  await pause(6_000)
  const ledger = await readLedger(site)
  const ids = new Set(made.map(({ id }) => id as string))
  const late = ledger.slice(quiet.length).filter(({ job }) => ids.has(job))
  // of a pilot's members accounting knows nothing
  const accounts = packing === 'pilot' ? new Map<string, string>() : await accountsOf(stage)
  const said = jobs.map((job) => ({ job, ...wordOf(job, ledger, accounts) }))
  return {
    jobs,
    moments,
    doubled: late.map(({ what, job, attempt }) => `${job}.${attempt} is over, and its ${what} came afterwards`),
    lost: said.flatMap(({ job, isLost }) => (isLost ? [`${job.id} is ${job.status}: ${job.evidence.said}`] : [])),
    falseEnds: said.flatMap(({ job, contradiction }) =>
      contradiction === null ? [] : [`${job.id} is ${job.status}, but ${contradiction} (${job.evidence.said})`],
    ),
  }
}

/** Words of accounting by scheduler id. */
async function accountsOf({ site }: Stage): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await site.admin(['sacct', '-X', '-n', '-P', '-a', '-o', 'JobID,State', '-S', 'now-1hours'])
  return new Map(stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('|') as [string, string]])))
}

type Word = { readonly isLost: boolean; readonly contradiction: string | null }

function wordOf(job: JobView, ledger: readonly LedgerLine[], accounts: ReadonlyMap<string, string>): Word {
  const { id, status, provedBy, exitCode, nativeId } = job
  if (status !== 'completed' && status !== 'cancelled') return { isLost: true, contradiction: null }
  const ended = ledger.some((line) => line.job === id && line.what === 'end')
  const state = nativeId === null ? undefined : accounts.get(nativeId)
  const isGood = provedBy === 'sentinel' && exitCode === 0
  const contradiction =
    status === 'completed'
      ? ended && isGood
        ? null
        : 'it never wrote its end'
      : // between the last word of the program and that of its job there is a moment in which the job is told to end
        ended && exitCode !== 143
        ? `it ended by itself with ${exitCode}`
        : state?.startsWith('COMPLETED') === true
          ? 'accounting says COMPLETED'
          : null
  return { isLost: false, contradiction }
}

const PACKINGS: readonly Packing[] = ['single', 'array', 'pilot']

/** Trials of 30 jobs: alone, in an array, in pilots, in turn. */
export async function runCancels({ trials, seed, environment, say }: TrialsOptions): Promise<Tally> {
  let tally: Tally = { trials: 0, doubled: 0, lost: 0, falseEnds: 0 }
  const stage = await openStage({ name: 'cancels', environment })
  try {
    for (let i = 0; i < trials; i += 1) {
      const packing = PACKINGS[i % PACKINGS.length] ?? 'single'
      const { jobs, moments, doubled, lost, falseEnds } = await cancelAtRandom(stage, { count: 30, seed: seed + i, packing })
      say(`trial ${i + 1} of ${trials}: 30 jobs, packing ${packing}, seed ${seed + i}`)
      for (const job of jobs.toSorted((a, b) => (moments.get(a.id) ?? 0) - (moments.get(b.id) ?? 0)))
        say(`${(moments.get(job.id) ?? 0).toFixed(2).padStart(7)} s  ${job.status}: ${job.evidence.said.slice(0, 120)}`)
      for (const line of [...doubled, ...lost, ...falseEnds]) say(`  ${line}`)
      tally = {
        trials: tally.trials + 1,
        doubled: tally.doubled + doubled.length,
        lost: tally.lost + lost.length,
        falseEnds: tally.falseEnds + falseEnds.length,
      }
    }
  } finally {
    await stage.close()
  }
  return tally
}
