import type { CodeFacts } from '../code-reads.ts'

const OUTPUT =
  /Northwest Computational Chemistry Package \(NWChem\)|^ *NWChem (?:Input|SCF|DFT|Geometry|Property) (?:Module|Optimization)/m

/** Which file of this code is which. */
export const nwchemFacts: CodeFacts<'output'> = {
  code: 'nwchem',
  recognise: ({ head }) => (OUTPUT.test(head) && !/^\s*[{[<]/.test(head) ? 'output' : null),
  mainKinds: ['output'],
}
