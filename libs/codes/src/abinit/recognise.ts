import type { CodeFacts } from '../code-reads.ts'

/** Which file of this code is which. */
export const abinitFacts: CodeFacts<'output'> = {
  code: 'abinit',
  recognise: ({ head }) => (/^\.Version +\S+ +of ABINIT|^ *-outvars: echo|^=== \[ionmov=/m.test(head) ? 'output' : null),
  mainKinds: ['output'],
}
