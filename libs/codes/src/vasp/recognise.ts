import type { CodeFacts, Sample } from '../code-reads.ts'
import { saysSomething } from './read/find-messages.ts'

type Kind =
  | 'vasprun'
  | 'outcar'
  | 'vaspout'
  | 'oszicar'
  | 'stdout'
  | 'poscar'
  | 'xdatcar'
  | 'incar'
  | 'kpoints'
  | 'eigenval'
  | 'doscar'
  | 'procar'
  | 'potcar'

const BY_NAME: readonly (readonly [RegExp, Kind])[] = [
  [/^vasprun/i, 'vasprun'],
  [/(?:^|[_.-])OUTCAR/i, 'outcar'],
  [/(?:^|[_.-])OSZICAR/i, 'oszicar'],
  [/^(?:POSCAR|CONTCAR)/i, 'poscar'],
  [/^XDATCAR/i, 'xdatcar'],
  [/^INCAR/i, 'incar'],
  [/^(?:KPOINTS|IBZKPT)/i, 'kpoints'],
  [/^EIGENVAL/i, 'eigenval'],
  [/^DOSCAR/i, 'doscar'],
  [/^PROCAR/i, 'procar'],
  [/^POTCAR/i, 'potcar'],
  [/^(?:vasp\.?(?:out|err|log)|vasp_(?:output|std)|vasp\.std)/i, 'stdout'],
]

/** EIGENVAL and DOSCAR begin alike; the sixth line has three counts in the one, an energy range in the other. */
const FOUR_LINES_AND_CAR = /^ *\d+ +\d+ +\d+ +\d+ *\n(?:[^\n]*\n){2} *CAR *\n/
const LEVELS = /^(?:[^\n]*\n){5} *\d+ +\d+ +\d+ *\n/

/** What batch systems and launchers call the output of a job. */
const BATCH = /^(?:slurm-.*|std_?(?:err|out)(?:[._-].*)?|.*\.[oe]\d+|_scheduler-std(?:err|out)\.txt)$/i
const LOG = /\.(?:out|err|log)$/i
const OTHER_CODES = /PWSCF|Quantum ESPRESSO|O +R +C +A|CRYSTAL|CP2K|NWChem|ABINIT|yambo|xtb|Wannier90|phonopy|lammps/i

/** By the name that VASP gives, checked against the content where another program could use the name; else by content. */
function recognise({ name, head }: Sample): Kind | null {
  if (head.startsWith('# HDF5 ')) return /^# HDF5 .*\binput\b.*\bversion\b/.test(head) ? 'vaspout' : null
  if (head.includes('<modeling>') || head.includes('name="program" type="string">vasp')) return 'vasprun'
  for (const [pattern, kind] of BY_NAME) if (pattern.test(name)) return fits(kind, head) ? kind : null
  return byContent(head) ?? (isJobOutput(name, head) ? 'stdout' : null)
}

/** Each pattern is looked for only where a word of it stands: a search for a word costs a tenth. */
function byContent(head: string): Kind | null {
  if (head.includes('vasp.') && /^ ?vasp\.\d/m.test(head)) return /^ executed on/m.test(head) ? 'outcar' : 'stdout'
  if (head.includes('INCAR:') && head.includes(' executed on') && /^ executed on +\S+ date/m.test(head) && /^ INCAR:/m.test(head))
    return 'outcar'
  if (/^PROCAR (?:lm decomposed|new format)/.test(head)) return 'procar'
  if (FOUR_LINES_AND_CAR.test(head)) return LEVELS.test(head) ? 'eigenval' : 'doscar'
  if (head.includes('ncg') && /^ {6,}N +E +dE +d eps +ncg/m.test(head))
    return /^ ?(?:running|distr)/m.test(head) ? 'stdout' : 'oszicar'
  return (head.includes('POSCAR found') || head.includes('one band on')) && /^ ?(?:running on|distrk?:) /m.test(head)
    ? 'stdout'
    : null
}

/** A job's error stream often holds nothing but the launcher's last words: they tell why VASP died. */
function isJobOutput(name: string, head: string): boolean {
  const named = BATCH.test(name)
  if (!named && !LOG.test(name)) return false
  if (head.includes('SICK JOB') || (head.includes('vasp') && /\bvasp(?:_(?:std|gam|ncl))?\b/.test(head))) return true
  return named && !OTHER_CODES.test(head) && saysSomething(head)
}

function fits(kind: Kind, head: string): boolean {
  if (kind === 'vasprun') return !head.includes('<') || /^\s*<\?xml|<modeling|<calculation|<scstep|<generator/.test(head)
  return true
}

/** Which file of this code is which. */
export const vaspFacts: CodeFacts<Kind> = {
  code: 'vasp',
  recognise,
  mainKinds: ['vasprun', 'outcar', 'vaspout', 'oszicar', 'stdout', 'eigenval', 'procar', 'doscar', 'incar', 'poscar'],
}
