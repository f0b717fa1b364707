import type { CodeFacts } from '../code-reads.ts'

/** Which file of this code is which. */
export const xtbFacts: CodeFacts<'output' | 'gradient'> = {
  code: 'xtb',
  recognise: ({ name, head }) => {
    if (/^ *\| +x T B +\|/m.test(head) || /^ *\* xtb version \d/m.test(head)) return 'output'
    return name === 'gradient' && head.startsWith('$grad') ? 'gradient' : null
  },
  mainKinds: ['output', 'gradient'],
}
