import { codeReads, type Sample } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { pwOutput } from './read/pw-output.ts'

const readers = { 'pw-output': pwOutput }

/** How the outputs of Quantum ESPRESSO are read. */
export const quantumEspressoReads = codeReads<typeof readers>({
  code: 'quantum-espresso',
  recognise: ({ head }: Sample) => (/Program PWSCF\s+v/.test(head) ? 'pw-output' : null),
  mainKinds: ['pw-output'],
  readers,
  combine: (readings) => combine(readings),
})
