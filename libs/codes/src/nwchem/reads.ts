import { codeReads } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { readers } from './read/readers.ts'

const OUTPUT =
  /Northwest Computational Chemistry Package \(NWChem\)|^ *NWChem (?:Input|SCF|DFT|Geometry|Property) (?:Module|Optimization)/m

/** NWChem: standard output. */
export const nwchemReads = codeReads({
  code: 'nwchem',
  recognise: ({ head }) => (OUTPUT.test(head) && !/^\s*[{[<]/.test(head) ? 'output' : null),
  mainKinds: ['output'],
  readers,
  combine,
})
