import type { CodeFacts, Sample } from '../code-reads.ts'

type Kind = 'output' | 'property' | 'propertyJson' | 'engrad' | 'hess' | 'xyz' | 'messages'

/** The banner, or, where the head is missing, lines that only ORCA writes. */
const OUTPUT =
  /^ *\* O {1,3}R {1,3}C {1,3}A \*|^ORCA finished by error termination|^ *\*{4}ORCA TERMINATED NORMALLY|^FINAL SINGLE POINT ENERGY +-?\d|^CARTESIAN COORDINATES \(ANGSTROEM\)/m

/** Sections of a `.property.json`; they come in the order of the alphabet, the geometries last. */
const PROPERTY_JSON = /"Calculation_(?:Info|Status)" {0,9}:\s{0,99}\{[^}]{0,2000}"(?:NumOfBasisFuncts|progName|Status)"/i

function recognise({ name, head }: Sample): Kind | null {
  if (OUTPUT.test(head) && !/^\s*[{[<]/.test(head)) return 'output'
  if (/^\*+ORCA \d|\* ORCA \d+\.|!PROPERTIES!/m.test(head)) return 'property'
  if (/^\s*\{/.test(head) && PROPERTY_JSON.test(head)) return 'propertyJson'
  if (/^#[^\n]*\n# Number of atoms/m.test(head) && /# The current gradient in Eh\/bohr/.test(head)) return 'engrad'
  if (/^\$orca_hessian_file/m.test(head)) return 'hess'
  if (/^ *\d+ *\r?\n *Coordinates from ORCA-job/.test(head)) return 'xyz'
  return name === 'orca.err' ? 'messages' : null
}

/** Which file of this code is which. */
export const orcaFacts: CodeFacts<Kind> = {
  code: 'orca',
  recognise,
  mainKinds: ['output', 'property', 'propertyJson', 'engrad', 'hess', 'xyz'],
}
