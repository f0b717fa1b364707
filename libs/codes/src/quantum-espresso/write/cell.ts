import type { InputProblem, Structure } from '@crystalmath/contract'
import { hasLattice, type LatticeStructure, periodicityOf } from '@crystalmath/structures'
import { boxed } from '../../writing/boxed.ts'

/** The structure in a cell: its own, or for a molecule a box that leaves `vacuumAngstrom` free in every direction. Positions stay as they are. */
export function inCell(
  structure: Structure | null,
  vacuumAngstrom: number | undefined,
): { readonly structure: LatticeStructure } | { readonly problem: InputProblem } {
  if (structure === null)
    return { problem: { path: 'structure', message: 'pw.x needs a structure', mend: 'add a structure to the job' } }
  if (hasLattice(structure)) return { structure }
  return boxed(structure, vacuumAngstrom, 'pw.x')
}

/** A molecule, or nothing that repeats. */
export const isIsolated = (structure: Structure): boolean => !periodicityOf(structure).includes(true)

/** Flags of fixed atoms are Cartesian in pw.x, along lattice vectors in a POSCAR: in a skew cell a partly fixed atom means two things. */
export function fixedWarnings({ fixed, latticeAngstrom }: LatticeStructure): readonly string[] {
  const partly = fixed?.some((row) => row.includes(true) && row.includes(false)) === true
  const skew = latticeAngstrom.some((row, index) => row.some((value, axis) => axis !== index && Math.abs(value) > 1e-6))
  return partly && skew ? ['partly fixed atoms: pw.x fixes Cartesian x, y, z, not lattice directions as VASP does'] : []
}
