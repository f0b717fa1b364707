import type { CodeFacts } from '../code-reads.ts'

const OUTPUT =
  /^ *CP2K\||^ *DBCSR\|(?: CPU)? Multiplication driver|^[ *]+PROGRAM STARTED AT|^ \* \[ABORT\]|^ *ENERGY\| Total FORCE_EVAL|^ *-{30,} OT -{30,}|^ *Step +Update method +Time +Convergence/m

/** Which file of this code is which. */
export const cp2kFacts: CodeFacts<'output'> = {
  code: 'cp2k',
  recognise: ({ head }) => (OUTPUT.test(head) ? 'output' : null),
  mainKinds: ['output'],
}
