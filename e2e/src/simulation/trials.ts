import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { runTrial } from './trial.ts'
import type { Report, Share } from './trial-worker.ts'
import { faultsOf } from './verdict.ts'

export type SimulatedTrials = {
  readonly trials: number
  /** Of the first trial; the others follow. */
  readonly seed: number
  readonly say: (line: string) => void
}

export type Tally = { readonly trials: number; readonly doubled: number; readonly lost: number; readonly falseEnds: number }

/** Failures that are told in full; each can be replayed by its seed. */
const SHOWN = 3

/** Seeded trials on every core of one process; what fails is played again with its trace. */
export async function runSimulatedTrials({ trials, seed, say }: SimulatedTrials): Promise<Tally> {
  const step = Math.min(trials, availableParallelism())
  const bad: Report[] = []
  let told = performance.now()
  const hear = (report: Report) => {
    if (report.doubled + report.lost + report.falseEnds > 0) bad.push(report)
    if (performance.now() - told < 10_000) return
    told = performance.now()
    say(`seed ${report.seed} of ${seed} to ${seed + trials - 1}, ${bad.length} failed so far`)
  }
  const shares = Array.from({ length: step }, (_, i): Share => ({ from: seed + i, to: seed + trials, step }))
  await Promise.all(shares.map((share) => work(share, hear)))
  bad.sort((a, b) => a.seed - b.seed)
  for (const { seed: failed } of bad.slice(0, SHOWN)) await replay(failed, say)
  const sum = (of: (report: Report) => number) => bad.reduce((total, report) => total + of(report), 0)
  return { trials, doubled: sum((r) => r.doubled), lost: sum((r) => r.lost), falseEnds: sum((r) => r.falseEnds) }
}

async function replay(seed: number, say: (line: string) => void): Promise<void> {
  const trial = await runTrial({ seed, tracing: true })
  say(`seed ${seed} failed; again: npm run trials -- --seed ${seed} --trials 1`)
  for (const line of trial.lines) say(`  ${line}`)
  for (const line of faultsOf(trial)) say(`  ${line}`)
}

const work = (share: Share, hear: (report: Report) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./trial-worker.ts', import.meta.url), { workerData: share })
    worker.on('message', hear)
    worker.on('error', reject)
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker of the trials ended with ${code}`))))
  })
