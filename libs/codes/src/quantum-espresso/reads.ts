import { codeReads, type Sample } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { crash } from './read/crash.ts'
import { dataFile } from './read/data-file.ts'
import { dataFileSchema } from './read/data-file-schema.ts'
import { pwOutput } from './read/pw-output.ts'

const readers = { 'pw-output': pwOutput, 'data-file-schema': dataFileSchema, 'data-file': dataFile, crash }
type Kind = keyof typeof readers

/** By content where it can be told, by name where a file may be empty or has no mark of its own. */
function recognise({ name, head }: Sample): Kind | null {
  if (/^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)?<(?:\w+:)?espresso[\s>]/.test(head)) return 'data-file-schema'
  if (head.includes('FORMAT NAME="QEXML"')) return 'data-file'
  if (/Program PWSCF\s+v/.test(head)) return 'pw-output'
  if (name === 'CRASH' && head.includes('%%%%%%')) return 'crash'
  return null
}

/** How the outputs of Quantum ESPRESSO are read. */
export const quantumEspressoReads = codeReads<typeof readers>({
  code: 'quantum-espresso',
  recognise,
  mainKinds: ['pw-output', 'data-file-schema', 'crash', 'data-file'],
  readers,
  combine: (readings) => combine(readings),
})
