import { codeReads } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { readers } from './read/readers.ts'

/** ABINIT: the main output or the log. */
export const abinitReads = codeReads({
  code: 'abinit',
  recognise: ({ head }) => (/^\.Version +\S+ +of ABINIT|^ *-outvars: echo|^=== \[ionmov=/m.test(head) ? 'output' : null),
  mainKinds: ['output'],
  readers,
  combine,
})
