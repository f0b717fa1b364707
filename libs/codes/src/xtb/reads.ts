import { codeReads } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { readers } from './read/readers.ts'
import { xtbFacts } from './recognise.ts'

/** xtb (GFN0, GFN1, GFN2, GFN-FF): standard output, and the `gradient` file of `--grad`. */
export const xtbReads = codeReads({ ...xtbFacts, readers, combine })
