import { parentPort, workerData } from 'node:worker_threads'
import { runTrial } from './trial.ts'
import { faultsOf } from './verdict.ts'

/** What a worker is told: every `step`-th seed from `from` to `to`. */
export type Share = { readonly from: number; readonly to: number; readonly step: number }
export type Report = { readonly seed: number; readonly doubled: number; readonly lost: number; readonly falseEnds: number }

const { from, to, step } = workerData as Share
for (let seed = from; seed < to; seed += step) {
  const trial = await runTrial({ seed })
  if (faultsOf(trial).length > 0 || seed + step >= to || (seed - from) % (step * 50) === 0)
    parentPort?.postMessage({
      seed,
      doubled: trial.doubled.length,
      lost: trial.lost.length,
      falseEnds: trial.falseEnds.length,
    } satisfies Report)
}
