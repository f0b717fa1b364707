import { z } from 'zod'

export const Vector3 = z.tuple([z.number(), z.number(), z.number()])
export type Vector3 = [number, number, number]
export const Matrix3 = z.tuple([Vector3, Vector3, Vector3])
export type Matrix3 = [Vector3, Vector3, Vector3]

/** Atoms in a cell, on a slab, a wire, or in the void. */
export const Structure = z.object({
  /** Rows are the lattice vectors a, b, c in Å; null for a molecule. */
  latticeAngstrom: Matrix3.nullable(),
  /** Along which of a, b, c it repeats; all false for a molecule, absent means all of an existing lattice. */
  periodic: z.tuple([z.boolean(), z.boolean(), z.boolean()]).optional(),
  /** Element symbols, one per atom, in the order of `positionsAngstrom`. */
  species: z.array(z.string()),
  /** Cartesian positions, Å. */
  positionsAngstrom: z.array(Vector3),
  /** Initial magnetic moments in Bohr magnetons, one per atom (collinear). */
  initialMomentsBohr: z.array(z.number()).optional(),
  /** Per atom and Cartesian (for VASP: lattice) direction: may it not move? */
  fixed: z.array(z.tuple([z.boolean(), z.boolean(), z.boolean()])).optional(),
  /** Site labels where a code tells atoms of one element apart (`Fe1`, `Fe2`). */
  labels: z.array(z.string()).optional(),
})
export type Structure = z.infer<typeof Structure>
