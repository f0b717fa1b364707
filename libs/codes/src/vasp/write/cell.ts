import type { InputProblem, Structure } from '@crystalmath/contract'
import { hasLattice, type LatticeStructure } from '@crystalmath/structures'
import { parameterProblem } from '../../writing/problems.ts'

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
  if (vacuumAngstrom === undefined)
    return {
      problem: parameterProblem(
        'vacuumAngstrom',
        'VASP needs a cell, but the structure is a molecule without a lattice',
        'set parameters.vacuumAngstrom, 10 for example, or give the structure a lattice',
      ),
    }
  const edge = (axis: 0 | 1 | 2) => {
    const values = structure.positionsAngstrom.map((position) => position[axis])
    return Math.max(...values) - Math.min(...values) + vacuumAngstrom
  }
  return {
    structure: {
      ...structure,
      periodic: [false, false, false],
      latticeAngstrom: [
        [edge(0), 0, 0],
        [0, edge(1), 0],
        [0, 0, edge(2)],
      ],
    },
  }
}
