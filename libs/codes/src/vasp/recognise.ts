import type { Sample } from '../code-reads.ts'

type Kind =
  | 'vasprun'
  | 'outcar'
  | 'oszicar'
  | 'stdout'
  | 'poscar'
  | 'incar'
  | 'kpoints'
  | 'eigenval'
  | 'doscar'
  | 'procar'
  | 'potcar'

const BY_NAME: readonly (readonly [RegExp, Kind])[] = [
  [/^vasprun/i, 'vasprun'],
  [/^OUTCAR/i, 'outcar'],
  [/^OSZICAR/i, 'oszicar'],
  [/^(?:POSCAR|CONTCAR|XDATCAR)/i, 'poscar'],
  [/^INCAR/i, 'incar'],
  [/^(?:KPOINTS|IBZKPT)/i, 'kpoints'],
  [/^EIGENVAL/i, 'eigenval'],
  [/^DOSCAR/i, 'doscar'],
  [/^PROCAR/i, 'procar'],
  [/^POTCAR/i, 'potcar'],
  [/^(?:vasp\.?(?:out|err|log)|vasp_(?:output|std)|vasp\.std)/i, 'stdout'],
]

const BATCH =
  /^(?:slurm-.*|std_?(?:err|out)(?:\.txt)?|.*\.[oe]\d+|_scheduler-std(?:err|out)\.txt|job\.(?:out|err)|.*\.(?:out|err|log))$/i

/** By the name that VASP gives, checked against the content where another program could use the name; else by content. */
export function recognise({ name, head }: Sample): Kind | null {
  if (/<modeling>|name="program" type="string">vasp/.test(head)) return 'vasprun'
  for (const [pattern, kind] of BY_NAME) if (pattern.test(name)) return fits(kind, head) ? kind : null
  if (/^ ?vasp\.\d/m.test(head)) return /^ executed on/m.test(head) ? 'outcar' : 'stdout'
  if (/^ executed on +\S+ date/m.test(head) && /^ INCAR:/m.test(head)) return 'outcar'
  if (/^ {6,}N +E +dE +d eps +ncg/m.test(head)) return /^ ?(?:running|distr)/m.test(head) ? 'stdout' : 'oszicar'
  if (/^ ?(?:running on|distrk?:) /m.test(head) && /POSCAR found|one band on/.test(head)) return 'stdout'
  return BATCH.test(name) && /\bvasp(?:_(?:std|gam|ncl))?\b|SICK JOB|VERY BAD NEWS|GENERATE_KPOINTS_TRANS/.test(head)
    ? 'stdout'
    : null
}

function fits(kind: Kind, head: string): boolean {
  if (kind === 'vasprun') return !head.includes('<') || /^\s*<\?xml|<modeling|<calculation|<scstep|<generator/.test(head)
  return true
}
