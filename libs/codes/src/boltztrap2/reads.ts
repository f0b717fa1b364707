import { codeReads, type Sample } from '../code-reads.ts'
import { resultOf } from './read/combine.ts'
import { transport } from './read/transport.ts'

const readers = { transport }

/** `case.trace`, `case.condtens`, `case.halltens`, also `.dope.trace` and `.trace_fixdoping`, or such a table under another name. */
function kindOf({ name, head }: Sample): 'transport' | null {
  const header = /^#?[^\n]*\bEf\b[^\n]*\bT ?\[ ?K ?\][^\n]*/i.exec(head)?.[0]
  if (header !== undefined && /DOS|sigma|seebeck|cond|RH|\bS\b/i.test(header)) return 'transport'
  return /\.(?:trace|condtens|halltens)(?:_fixdoping)?$/.test(name) && /^[^\n]*\n\s*-?[\d.]/.test(head) ? 'transport' : null
}

/** BoltzTraP and BoltzTraP2. */
export const boltztrap2Reads = codeReads<typeof readers>({
  code: 'boltztrap2',
  recognise: kindOf,
  mainKinds: ['transport'],
  readers,
  combine: (readings, { full }) =>
    resultOf(
      readings.map(({ value }) => value),
      full,
    ),
})
