import { codeReads, type Sample } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { crash } from './read/crash.ts'
import { dataFile } from './read/data-file.ts'
import { dataFileSchema } from './read/data-file-schema.ts'
import { pwOutput } from './read/pw-output.ts'
import { suiteOutput } from './read/suite-output.ts'

const readers = {
  'pw-output': pwOutput,
  'suite-output': suiteOutput,
  'data-file-schema': dataFileSchema,
  'data-file': dataFile,
  crash,
}
type Kind = keyof typeof readers

/** Banners of the programs of the suite; p2y belongs to YAMBO and wannier90 is a code of its own. */
const PROGRAMS =
  /^\s*Program (?:PHONON|NEB|CP|CPPP|DOS|PROJWFC|BANDS|POST-PROC|POST_PROC|Q2R|MATDYN|DYNMAT|XSPECTRA|XSpectra|EPSILON|epsilon|HP|OPEN_GRID|PW2WANNIER|PW2WAN90V|turbo\w*|TURBO\w*|TDDFPT\w*|EPW|LD1|ld1|PWCOND|GIPAW|KCW|KCP|AVERAGE|PLAN_AVG|FERMI\w*|MOLECULARPDOS|SUMPDOS|PW2GW|PW2BGW|PPACF|LAMBDA|ALPHA2F|DVSCF_Q2R|POSTAHC|W90|WFCK2R|PIOUD|ALL_CURRENTS|OSCDFT\w*)\s+v/m

/** By content where it can be told, by name where a file may be empty or has no mark of its own. */
function recognise({ name, head }: Sample): Kind | null {
  if (/^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)?<(?:\w+:)?espresso[\s>]/.test(head)) return 'data-file-schema'
  if (head.includes('FORMAT NAME="QEXML"')) return 'data-file'
  if (/^\s*Program PWSCF\s+v/m.test(head) || /^\s*coordinates at iteration +\d/.test(head)) return 'pw-output'
  if (PROGRAMS.test(head)) return 'suite-output'
  if (name === 'CRASH' && head.includes('%%%%%%')) return 'crash'
  return null
}

/** How the outputs of Quantum ESPRESSO are read. */
export const quantumEspressoReads = codeReads<typeof readers>({
  code: 'quantum-espresso',
  recognise,
  mainKinds: ['pw-output', 'suite-output', 'data-file-schema', 'crash', 'data-file'],
  readers,
  companions: ['CRASH'],
  combine: (readings) => combine(readings),
})
