import type { Beginnings } from '../line-reader.ts'
import { diagnose } from '../run-facts.ts'
import type { SuiteState } from './state.ts'

/** What `xspectra.x` says of its input and of its end. */
export const xspectraBeginnings: Beginnings<SuiteState> = [
  [
    'Calculation not finished',
    (line, { run }, at) => diagnose(run, 'OUT_OF_WALLTIME', 'time_limit is used up; a save file was written', at(), line),
  ],
  [
    'END JOB XSpectra',
    (_, { run }) => {
      run.jobDone = true
    },
  ],
]
