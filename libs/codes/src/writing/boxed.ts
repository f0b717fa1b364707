import type { InputProblem, Structure } from '@crystalmath/contract'
import type { LatticeStructure } from '@crystalmath/structures'
import { parameterProblem } from './problems.ts'

/** A molecule in a box that leaves `vacuumAngstrom` free in every direction; positions stay as they are. `program` names who needs a cell. */
export function boxed(
  structure: Structure,
  vacuumAngstrom: number | undefined,
  program: string,
): { readonly structure: LatticeStructure } | { readonly problem: InputProblem } {
  if (vacuumAngstrom === undefined)
    return {
      problem: parameterProblem(
        'vacuumAngstrom',
        `${program} needs a cell, but the structure is a molecule without a lattice`,
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
