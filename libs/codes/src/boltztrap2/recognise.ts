import type { CodeFacts, Sample } from '../code-reads.ts'

type Kind = 'transport'

/** `case.trace`, `case.condtens`, `case.halltens`, also `.dope.trace` and `.trace_fixdoping`, or such a table under another name. */
function kindOf({ name, head }: Sample): 'transport' | null {
  const header = /^#?[^\n]*\bEf\b[^\n]*\bT ?\[ ?K ?\][^\n]*/i.exec(head)?.[0]
  if (header !== undefined && /DOS|sigma|seebeck|cond|RH|\bS\b/i.test(header)) return 'transport'
  return /\.(?:trace|condtens|halltens)(?:_fixdoping)?$/.test(name) && /^[^\n]*\n\s*-?[\d.]/.test(head) ? 'transport' : null
}

/** Which file of this code is which. */
export const boltztrap2Facts: CodeFacts<Kind> = {
  code: 'boltztrap2',
  recognise: kindOf,
  mainKinds: ['transport'],
}
