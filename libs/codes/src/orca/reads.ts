import { codeReads } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { readers } from './read/readers.ts'
import { orcaFacts } from './recognise.ts'

/** ORCA 3 to 6: standard output, `.property.txt`, `.property.json`, `.engrad`, `.hess`, `.xyz` and `_trj.xyz`, `orca.err`. */
export const orcaReads = codeReads({ ...orcaFacts, readers, combine })
