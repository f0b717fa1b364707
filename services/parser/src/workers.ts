import { type CalculationResult, type CodeName, PermanentError } from '@crystalmath/contract'
import { Piscina } from 'piscina'
import type { ParserConfig } from './config.ts'

export type Workers = {
  /** Reads a directory or file as one calculation in a worker thread. A worker that dies takes only this with it. */
  parse(path: string, code: CodeName): Promise<CalculationResult>
  close(): Promise<void>
}

export function openWorkers({ WORKERS, PARSE_SECONDS, WORKER_MEBIBYTES }: ParserConfig): Workers {
  const pool = new Piscina<{ readonly path: string; readonly code: CodeName }, CalculationResult>({
    filename: new URL('./worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: WORKERS,
    idleTimeout: 30_000,
    resourceLimits: { maxOldGenerationSizeMb: WORKER_MEBIBYTES },
  })
  return {
    parse: async (path, code) => {
      const signal = AbortSignal.timeout(PARSE_SECONDS * 1_000)
      try {
        return await pool.run({ path, code }, { signal })
      } catch (error) {
        if (signal.aborted) throw new PermanentError(`${path}: not read within ${PARSE_SECONDS} s`, { cause: error })
        if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
          throw new PermanentError(`${path}: to read it takes more than ${WORKER_MEBIBYTES} MiB`, { cause: error })
        throw error
      }
    },
    close: () => pool.destroy(),
  }
}
