import { parentPort, workerData } from 'node:worker_threads'
import type { CalculationResult } from '@crystalmath/contract'
import { loadSubjects, type Subject } from './subjects.ts'
import { attempt } from './trials.ts'

export type Work = {
  readonly seed: number
  readonly from: number
  readonly until: number
  readonly only: string | undefined
  readonly withCorpus: boolean
  /** [0] is the number of the trial under way. */
  readonly progress: Int32Array
}

const { seed, from, until, only, withCorpus, progress } = workerData as Work
const subjects = loadSubjects(only, withCorpus)
const wholes = new Map<Subject, CalculationResult>()
for (let index = from; index < until; index += 1) {
  Atomics.store(progress, 0, index)
  const failure = attempt(subjects, seed, index, wholes)
  if (failure !== null) parentPort?.postMessage(failure)
}
