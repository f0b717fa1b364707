import { codeReads, type Sample } from '../code-reads.ts'
import { emptyResult } from '../reading/result.ts'
import { resultOf } from './read/combine.ts'
import { output } from './read/output.ts'

const BANNER = /^ \* {20,}(?:MPP|P)?CRYSTAL ?\d\d(?:\d\d)? +\*/m

/** Which of CRYSTAL's files this is, by its contents. */
function kindOf({ head }: Sample): 'output' | null {
  return BANNER.test(head) ? 'output' : null
}

const readers = { output }

/** CRYSTAL09 to CRYSTAL23: outputs of crystal and properties. */
export const crystalReads = codeReads<typeof readers>({
  code: 'crystal',
  recognise: kindOf,
  mainKinds: ['output'],
  readers,
  combine(readings, { full }) {
    const newest = readings.at(-1)
    return newest === undefined ? emptyResult('crystal') : resultOf(newest.value, full)
  },
})
