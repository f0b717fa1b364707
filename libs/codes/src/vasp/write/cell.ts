import type { InputProblem, Structure } from '@crystalmath/contract'
import { hasLattice, type LatticeStructure } from '@crystalmath/structures'
import { boxed } from '../../writing/boxed.ts'

const structureProblem = (path: string, message: string, mend: string): { readonly problem: InputProblem } => ({
  problem: { path, message, mend },
})

/** The structure in a right-handed cell, or in a box that leaves `vacuumAngstrom` free around a molecule. */
export function inCell(
  structure: Structure | null,
  vacuumAngstrom: number | undefined,
): { readonly structure: LatticeStructure } | { readonly problem: InputProblem } {
  if (structure === null) return structureProblem('structure', 'VASP needs a structure', 'add a structure to the job')
  if (hasLattice(structure)) {
    const [a, b, c] = structure.latticeAngstrom
    const triple = a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) + a[2] * (b[0] * c[1] - b[1] * c[0])
    return triple > 0
      ? { structure }
      : structureProblem(
          'structure.latticeAngstrom',
          'the lattice vectors are left-handed, which VASP refuses',
          'swap two of them',
        )
  }
  return boxed(structure, vacuumAngstrom, 'VASP')
}
