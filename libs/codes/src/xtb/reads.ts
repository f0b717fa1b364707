import { codeReads } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { readers } from './read/readers.ts'

/** xtb (GFN0, GFN1, GFN2, GFN-FF): standard output, and the `gradient` file of `--grad`. */
export const xtbReads = codeReads({
  code: 'xtb',
  recognise: ({ name, head }) => {
    if (/^ *\| +x T B +\|/m.test(head) || /^ *\* xtb version \d/m.test(head)) return 'output'
    return name === 'gradient' && head.startsWith('$grad') ? 'gradient' : null
  },
  mainKinds: ['output', 'gradient'],
  readers,
  combine,
})
