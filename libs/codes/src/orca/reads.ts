import { codeReads, type Sample } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { readers } from './read/readers.ts'

/** ORCA 3 to 6: standard output, `.property.txt`, `.engrad`, `.hess`, `.xyz` and `_trj.xyz`, `orca.err`. */
export const orcaReads = codeReads({
  code: 'orca',
  recognise,
  mainKinds: ['output', 'property', 'engrad', 'hess', 'xyz'],
  readers,
  combine,
})

function recognise({ name, head }: Sample): keyof typeof readers | null {
  if (/^ *\* O +R +C +A \*/m.test(head) || /\bORCA (?:finished by error termination|TERMINATED NORMALLY)/.test(head))
    return 'output'
  if (/^\*+ORCA \d|\*+ ORCA \d+\.|!PROPERTIES!/m.test(head)) return 'property'
  if (/^#[^\n]*\n# Number of atoms/m.test(head) && /# The current gradient in Eh\/bohr/.test(head)) return 'engrad'
  if (/^\$orca_hessian_file/m.test(head)) return 'hess'
  if (/^ *\d+ *\r?\n *Coordinates from ORCA-job/.test(head)) return 'xyz'
  return name === 'orca.err' ? 'messages' : null
}
