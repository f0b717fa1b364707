import { codeReads } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { readers } from './read/readers.ts'
import { aseFacts } from './recognise.ts'

/** Logs of ASE's and Sella's optimisers and of ASE's molecular dynamics. */
export const aseReads = codeReads({ ...aseFacts, readers, combine })
