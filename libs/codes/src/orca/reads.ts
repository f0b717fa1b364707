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

/** The banner, or, where the head is missing, lines that only ORCA writes. */
const OUTPUT =
  /^ *\* O {1,3}R {1,3}C {1,3}A \*|^ORCA finished by error termination|^ *\*{4}ORCA TERMINATED NORMALLY|^FINAL SINGLE POINT ENERGY +-?\d|^CARTESIAN COORDINATES \(ANGSTROEM\)/m

function recognise({ name, head }: Sample): keyof typeof readers | null {
  if (OUTPUT.test(head) && !/^\s*[{[<]/.test(head)) return 'output'
  if (/^\*+ORCA \d|\* ORCA \d+\.|!PROPERTIES!/m.test(head)) return 'property'
  if (/^#[^\n]*\n# Number of atoms/m.test(head) && /# The current gradient in Eh\/bohr/.test(head)) return 'engrad'
  if (/^\$orca_hessian_file/m.test(head)) return 'hess'
  if (/^ *\d+ *\r?\n *Coordinates from ORCA-job/.test(head)) return 'xyz'
  return name === 'orca.err' ? 'messages' : null
}
