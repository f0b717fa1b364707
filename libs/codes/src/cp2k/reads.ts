import { codeReads } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { readers } from './read/readers.ts'
import { cp2kFacts } from './recognise.ts'

/** CP2K: standard output. */
export const cp2kReads = codeReads({ ...cp2kFacts, readers, combine })
