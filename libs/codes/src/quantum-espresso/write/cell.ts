import type { InputProblem, Structure } from '@crystalmath/contract'
import { hasLattice, type LatticeStructure, periodicityOf } from '@crystalmath/structures'
import { parameterProblem } from '../../writing/problems.ts'

/** The structure in a cell: its own, or for a molecule a box that leaves `vacuumAngstrom` free in every direction. Positions stay as they are. */
export function inCell(
  structure: Structure | null,
  vacuumAngstrom: number | undefined,
): { readonly structure: LatticeStructure } | { readonly problem: InputProblem } {
  if (structure === null)
    return { problem: { path: 'structure', message: 'pw.x needs a structure', mend: 'add a structure to the job' } }
  if (hasLattice(structure)) return { structure }
  if (vacuumAngstrom === undefined)
    return {
      problem: parameterProblem(
        'vacuumAngstrom',
        'pw.x needs a cell, but the structure is a molecule without a lattice',
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

/** A molecule, or nothing that repeats. */
export const isIsolated = (structure: Structure): boolean => !periodicityOf(structure).includes(true)

/** Flags of fixed atoms are Cartesian in pw.x, along lattice vectors in a POSCAR: in a skew cell a partly fixed atom means two things. */
export function fixedWarnings({ fixed, latticeAngstrom }: LatticeStructure): readonly string[] {
  const partly = fixed?.some((row) => row.includes(true) && row.includes(false)) === true
  const skew = latticeAngstrom.some((row, index) => row.some((value, axis) => axis !== index && Math.abs(value) > 1e-6))
  return partly && skew ? ['partly fixed atoms: pw.x fixes Cartesian x, y, z, not lattice directions as VASP does'] : []
}
