import type { Beginnings } from '../line-reader.ts'
import { diagnose } from '../run-facts.ts'
import type { SuiteState } from './state.ts'

/** What `xspectra.x` says of its input and of its end. */
export const xspectraBeginnings: Beginnings<SuiteState> = [
  [
    'Wrong xiabs!!!',
    (line, { run }, at) =>
      diagnose(run, 'OUTPUT_ABSORBING_SPECIES_WRONG', 'xiabs names a species without a core hole', at(), line),
  ],
  [
    'xiabs < 1 or xiabs > ntyp',
    (line, { run }, at) =>
      diagnose(run, 'OUTPUT_ABSORBING_SPECIES_ZERO', 'xiabs names no species: it counts from 1 to ntyp', at(), line),
  ],
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
