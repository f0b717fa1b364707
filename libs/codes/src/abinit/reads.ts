import { codeReads } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { readers } from './read/readers.ts'
import { abinitFacts } from './recognise.ts'

/** ABINIT: the main output or the log. */
export const abinitReads = codeReads({ ...abinitFacts, readers, combine })
