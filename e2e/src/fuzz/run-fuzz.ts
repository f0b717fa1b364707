import { Worker } from 'node:worker_threads'
import { loadSubjects } from './subjects.ts'
import { type Failure, plan } from './trials.ts'
import type { Work } from './worker.ts'

export type FuzzOptions = {
  readonly seed: number
  readonly from: number
  readonly mutations: number
  readonly only: string | undefined
  readonly withCorpus: boolean
  readonly onFailure: (failure: Failure) => void
  readonly onProgress: (done: number) => void
}

/** A trial that takes longer has hung. */
const HUNG_MS = 30_000
const MEBIBYTES = 1_500

/** Runs trials in a worker thread. One that hangs or runs out of memory is a failure, and the next worker goes on behind it. */
export async function runFuzz(options: FuzzOptions): Promise<number> {
  const { seed, from, mutations, only, withCorpus, onFailure } = options
  const until = from + mutations
  let failures = 0
  const fail = (failure: Failure): void => {
    failures += 1
    onFailure(failure)
  }
  for (let at = from; at < until; ) {
    const stopped = await runWorker({ seed, from: at, until, only, withCorpus, progress: counter(at) }, options, fail)
    if (stopped === null) break
    const { subject, mutation } = plan(loadSubjects(only, withCorpus), seed, stopped.index)
    fail({ ...stopped, code: subject.code, of: `${subject.kind} ${subject.name}`, mutation })
    at = stopped.index + 1
  }
  return failures
}

function counter(at: number): Int32Array {
  const progress = new Int32Array(new SharedArrayBuffer(4))
  progress[0] = at
  return progress
}

type Stopped = { readonly index: number; readonly why: string }

function runWorker(work: Work, { onProgress }: FuzzOptions, fail: (failure: Failure) => void): Promise<Stopped | null> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: MEBIBYTES },
  })
  const at = () => Atomics.load(work.progress, 0)
  return new Promise((resolve) => {
    let [last, since] = [at(), performance.now()]
    const watch = setInterval(() => {
      if (at() !== last) [last, since] = [at(), performance.now()]
      onProgress(last)
      if (performance.now() - since < HUNG_MS) return
      done({ index: last, why: `hung for ${HUNG_MS / 1_000} s` })
      void worker.terminate()
    }, 2_000)
    const done = (stopped: Stopped | null): void => {
      clearInterval(watch)
      resolve(stopped)
    }
    worker.on('message', fail)
    worker.once('error', (error: Error) => done({ index: at(), why: `ended the worker: ${error.message}` }))
    worker.once('exit', () => done(null))
  })
}
