import { codeReads, type Sample } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { readers } from './read/readers.ts'

/** ORCA 3 to 6. */
export const orcaReads = codeReads({
  code: 'orca',
  recognise,
  mainKinds: ['output'],
  readers,
  combine,
})

function recognise({ head }: Sample): keyof typeof readers | null {
  return /^ *\* O +R +C +A \*|\bORCA finished by error termination|\bORCA TERMINATED NORMALLY/m.test(head) ? 'output' : null
}
