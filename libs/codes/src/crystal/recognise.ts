import type { CodeFacts, Sample } from '../code-reads.ts'

type Kind = 'output' | 'log' | 'error' | 'structure' | 'table' | 'unit25'

const BANNER = /^ \* {20,}(?:MPP ?|P)?CRYSTAL ?\d\d(?:\d\d)? +\*/m
/** Scripts echo the input first, and a long one pushes the banner out of sight. */
const PREAMBLE =
  /^(?:crystal executable in|Executable: .*crystal|executable script: .*runcry|# mpiexec: full path to program is .*crystal| PROCESS +\d+ +OF +\d+ +WORKING)/im
const STRUCTURE = /^\s*[0-3]\s+[1-7]\s+\d+[^\n]*\n(?:(?:\s+-?\d\.\d+E[+-]\d+){3}[^\S\n]*\n){3}\s*\d+\s*\n/

/** Which of CRYSTAL's files this is, by its contents. */
function kindOf({ name, head }: Sample): Kind | null {
  if (BANNER.test(head) || PREAMBLE.test(head)) return 'output'
  if (/^# *(?:NKPT|NEPTS) +\d+ +N(?:BND|PROJ) +\d+ +NSPIN/.test(head)) return 'table'
  if (/^-%-\d[A-Z]{4}/.test(head)) return 'unit25'
  if (STRUCTURE.test(head)) return 'structure'
  if (/CRYSTAL - SCF - TYPE OF CALCULATION|== SCF ENDED - /.test(head)) return 'log'
  return name === 'fort.87' && /ERROR \*{4}/.test(head) ? 'error' : null
}

/** Which file of this code is which. */
export const crystalFacts: CodeFacts<Kind> = {
  code: 'crystal',
  recognise: kindOf,
  mainKinds: ['output', 'log', 'unit25', 'table', 'structure'],
}
