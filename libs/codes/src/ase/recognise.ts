import type { CodeFacts } from '../code-reads.ts'

const OPTIMIZER = /^ *[A-Za-z][\w-]*:? +\d+(?:\[ *\d+\])? +\d\d:\d\d:\d\d +\S+ +\S+/m
const HEADINGS = /^ *Step(?:\[ *FC\])? +Time +Energy +fmax|^ *Time\[ps\] +Etot/m

/** Which file of this code is which. */
export const aseFacts: CodeFacts<'optimizerLog' | 'mdLog'> = {
  code: 'ase',
  recognise: ({ head }) => {
    const start = head.slice(0, 2_000)
    if (/^ *(?:Time\[ps\] +)?Etot(?:\/N)?\[eV\] +Epot/m.test(start)) return 'mdLog'
    return OPTIMIZER.test(start) || HEADINGS.test(start) ? 'optimizerLog' : null
  },
  mainKinds: ['optimizerLog', 'mdLog'],
}
