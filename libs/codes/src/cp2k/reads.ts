import { codeReads } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { readers } from './read/readers.ts'

const OUTPUT =
  /^ *CP2K\||^ *DBCSR\|(?: CPU)? Multiplication driver|^[ *]+PROGRAM STARTED AT|^ \* \[ABORT\]|^ *ENERGY\| Total FORCE_EVAL|^ *-{30,} OT -{30,}|^ *Step +Update method +Time +Convergence/m

/** CP2K: standard output. */
export const cp2kReads = codeReads({
  code: 'cp2k',
  recognise: ({ head }) => (OUTPUT.test(head) ? 'output' : null),
  mainKinds: ['output'],
  readers,
  combine,
})
