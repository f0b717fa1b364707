import type { CodeFacts, Sample } from '../code-reads.ts'

type Kind = 'calculation' | 'phonons' | 'thermal' | 'dos'

function kindOf({ name, head }: Sample): Kind | null {
  if (/^(?:phonopy|phono3py):\s*$/m.test(head)) return 'calculation'
  if (/^thermal_properties:|^zero_point_energy:/m.test(head)) return 'thermal'
  if (/^nqpoint: /m.test(head) && /^(?:natom|phonon|reciprocal_lattice|mesh)\b/m.test(head)) return 'phonons'
  return /(?:total|projected|partial)_dos\.dat$/.test(name) && /^#|^ +-?\d/.test(head) ? 'dos' : null
}

/** Which file of this code is which. */
export const phonopyFacts: CodeFacts<Kind> = {
  code: 'phonopy',
  recognise: kindOf,
  mainKinds: ['phonons', 'calculation', 'thermal', 'dos'],
}
