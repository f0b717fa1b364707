import { codeReads, type Sample } from '../code-reads.ts'
import { resultOf } from './read/combine.ts'
import { document } from './read/document.ts'
import { dosFile } from './read/dos.ts'

const readers = { calculation: document, phonons: document, thermal: document, dos: dosFile }

function kindOf({ name, head }: Sample): keyof typeof readers | null {
  if (/^(?:phonopy|phono3py):\s*$/m.test(head)) return 'calculation'
  if (/^thermal_properties:|^zero_point_energy:/m.test(head)) return 'thermal'
  if (/^nqpoint: /m.test(head) && /^(?:natom|phonon|reciprocal_lattice|mesh)\b/m.test(head)) return 'phonons'
  return /(?:total|projected|partial)_dos\.dat$/.test(name) && /^#|^ +-?\d/.test(head) ? 'dos' : null
}

/** The YAML files and tables of phonopy 1 and 2. */
export const phonopyReads = codeReads<typeof readers>({
  code: 'phonopy',
  recognise: kindOf,
  mainKinds: ['phonons', 'calculation', 'thermal', 'dos'],
  readers,
  combine(readings, { full }) {
    const order = ['calculation', 'phonons', 'thermal']
    const ordered = order.flatMap((kind) => readings.filter((reading) => reading.kind === kind))
    const documents = ordered.flatMap((reading) => (reading.kind === 'dos' ? [] : [reading.value]))
    const dos = readings.flatMap((reading) => (reading.kind === 'dos' ? [reading.value] : []))
    return resultOf({ documents, files: ordered.map(({ file }) => file), dos: dos[0] }, full)
  },
})
