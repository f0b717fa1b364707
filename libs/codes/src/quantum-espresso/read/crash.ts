import type { Reader } from '@crystalmath/contract'
import { lineReader } from './line-reader.ts'
import { type Reported, resultOfRun } from './reported.ts'
import { newRun, runBeginnings, type WithRun } from './run-facts.ts'

/** Reads `CRASH`: the error block that a program of the suite writes when it stops, once for each process that did. */
export const crash = (file: string): Reader<Reported> =>
  lineReader<WithRun, Reported>(
    runBeginnings(() => undefined),
    { run: newRun(file) },
    ({ run }) => {
      const result = resultOfRun(run)
      return {
        program: null,
        result: { ...result, diagnoses: result.diagnoses.filter(({ kind }) => kind !== 'OUTPUT_INCOMPLETE') },
      }
    },
  )
