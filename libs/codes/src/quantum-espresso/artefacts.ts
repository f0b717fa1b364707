import type { Artefacts } from '../code-writes.ts'
import { type Artefact, hdf5Fault, headOf, numberAt } from '../writing/artefact-heads.ts'

/** Whether the density of a `.save` folder is whole, by its size against its header (PW's `io_base.f90`, `write_rhog`). */
export function pwArtefactFault(file: Artefact, { facts }: Artefacts): string | null {
  const head = headOf(file)
  if (head === null) return null
  if (file.path.endsWith('/charge-density.hdf5')) return hdf5Fault(file.size, head)
  return file.path.endsWith('/charge-density.dat') ? densityFault(file.size, head, facts?.spins ?? null) : null
}

/** Fortran records, each between two lengths of 4 bytes: 3 integers (Γ only, plane waves, components), 9 reals, indices (3 integers per wave), then 16 bytes per wave and component. */
function densityFault(size: number, head: Uint8Array, spins: number | null): string | null {
  const [first, waves, components, last] = [0, 8, 12, 16].map((offset) => numberAt(head, offset, 'int32'))
  if (
    first !== 12 ||
    last !== 12 ||
    waves === undefined ||
    components === undefined ||
    !(waves > 0) ||
    ![1, 2, 4].includes(components)
  )
    return 'its first record is not that of a density of pw.x'
  if (spins !== null && (components === 1) !== (spins === 1)) return `of another run: it holds ${components} components of spin`
  const wanted = 20 + 80 + (8 + 12 * waves) + components * (8 + 16 * waves)
  return size === wanted ? null : `torn: ${waves} plane waves need ${wanted} bytes, and it has ${size}`
}
