import { codeReads } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { readers } from './read/readers.ts'

const OPTIMIZER = /^ *[A-Za-z][\w-]*:? +\d+(?:\[ *\d+\])? +\d\d:\d\d:\d\d +\S+ +\S+/m
const HEADINGS = /^ *Step(?:\[ *FC\])? +Time +Energy +fmax|^ *Time\[ps\] +Etot/m

/** Logs of ASE's and Sella's optimisers and of ASE's molecular dynamics. */
export const aseReads = codeReads({
  code: 'ase',
  recognise: ({ head }) => {
    const start = head.slice(0, 2_000)
    if (/^ *(?:Time\[ps\] +)?Etot(?:\/N)?\[eV\] +Epot/m.test(start)) return 'mdLog'
    return OPTIMIZER.test(start) || HEADINGS.test(start) ? 'optimizerLog' : null
  },
  mainKinds: ['optimizerLog', 'mdLog'],
  readers,
  combine,
})
