import { PermanentError } from '@crystalmath/contract'
import { Piscina } from 'piscina'
import type { ParserConfig } from './config.ts'
import type { ReadResult, Task } from './read-result.ts'
import type { WorkerAnswer } from './worker.ts'

/** A fault of ours, not of the outputs: a bug of a reader, or more time or memory than we give it. Its message is for people, its stack for us. */
export class ReaderFault extends Error {
  constructor(message: string, stack?: string) {
    super(message)
    this.name = 'ReaderFault'
    if (stack !== undefined) this.stack = stack
  }
}

export type Workers = {
  /** Reads a directory or file as one calculation in a worker thread. A worker that dies takes only this with it. Throws `PermanentError` for what is no such output, `ReaderFault` for what we cannot do. */
  parse(task: Task): Promise<ReadResult>
  close(): Promise<void>
}

export function openWorkers({ WORKERS, PARSE_SECONDS, WORKER_MEBIBYTES }: ParserConfig): Workers {
  const pool = new Piscina<Task, WorkerAnswer>({
    filename: new URL('./worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: WORKERS,
    idleTimeout: 30_000,
    resourceLimits: { maxOldGenerationSizeMb: WORKER_MEBIBYTES },
  })
  return {
    parse: async (task) => {
      const signal = AbortSignal.timeout(PARSE_SECONDS * 1_000)
      try {
        const answer = await pool.run(task, { signal })
        if (answer.kind === 'read') return answer.result
        if (answer.kind === 'refused') throw new PermanentError(answer.message)
        throw new ReaderFault(answer.stack.split('\n')[0] ?? answer.stack, answer.stack)
      } catch (error) {
        if (signal.aborted) throw new ReaderFault(`${task.path}: not read within ${PARSE_SECONDS} s (PARSE_SECONDS)`)
        if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
          throw new ReaderFault(`${task.path}: to read it takes more than ${WORKER_MEBIBYTES} MiB (WORKER_MEBIBYTES)`)
        throw error
      }
    },
    close: () => pool.destroy(),
  }
}
