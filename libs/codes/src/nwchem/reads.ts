import { codeReads } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { readers } from './read/readers.ts'
import { nwchemFacts } from './recognise.ts'

/** NWChem: standard output. */
export const nwchemReads = codeReads({ ...nwchemFacts, readers, combine })
