import type { InputProblem, Structure } from '@crystalmath/contract'
import { atomicNumberOf, periodicityOf } from '@crystalmath/structures'

/** In how many directions a structure repeats. */
export const dimensionOf = (structure: Structure): 0 | 1 | 2 | 3 =>
  periodicityOf(structure).filter(Boolean).length as 0 | 1 | 2 | 3

const problem = (path: string, message: string, mend: string): InputProblem => ({ path: `structure.${path}`, message, mend })

/** CRYSTAL wants slabs in the plane of x and y, polymers along x. */
export function geometryProblems(structure: Structure): readonly InputProblem[] {
  const periodic = periodicityOf(structure)
  const dimension = dimensionOf(structure)
  const expected = [dimension > 0, dimension > 1, dimension > 2]
  if (periodic.some((is, axis) => is !== expected[axis]))
    return [
      problem(
        'periodic',
        `CRYSTAL wants a structure that repeats in ${dimension} directions to do so along its first lattice vectors`,
        'put the direction without repetition last',
      ),
    ]
  const lattice = structure.latticeAngstrom ?? []
  const leaves = lattice.slice(0, dimension).some((row) => row.some((value, axis) => axis >= dimension && Math.abs(value) > 1e-6))
  return dimension < 3 && leaves
    ? [
        problem(
          'latticeAngstrom',
          dimension === 2 ? 'the slab does not lie in the plane of x and y' : 'the polymer does not lie along x',
          'turn the structure',
        ),
      ]
    : []
}

/** Whole atoms are held by FRAGMENT, which names those that move. */
export function fixedProblems({ fixed }: Structure, calculation: string): readonly InputProblem[] {
  if (fixed?.some((row) => row.includes(true)) !== true) return []
  const partly = fixed.findIndex((row) => row.includes(true) && row.includes(false))
  if (partly >= 0)
    return [problem(`fixed[${partly}]`, 'CRYSTAL fixes whole atoms, not single directions', 'fix all three directions, or none')]
  return calculation === 'vc-relax'
    ? [problem('fixed', 'CRYSTAL does not hold atoms while the cell changes', 'write calculation "relax", or leave fixed out')]
    : []
}

const row = (values: readonly number[]): string => values.map((value) => value.toFixed(12).padStart(20)).join('')

/** fort.34: dimension, centring and crystal type, three vectors, the identity as the only symmetry operation, atoms; Å. The axes stay ours, so that forces mean the submitted frame. */
export function renderGeometry(structure: Structure): string {
  const dimension = dimensionOf(structure)
  const far = (axis: number) => [0, 1, 2].map((at) => (at === axis ? 500 : 0))
  const vectors = [0, 1, 2].map((axis) => (axis < dimension ? (structure.latticeAngstrom?.[axis] ?? far(axis)) : far(axis)))
  return [
    `${dimension} 1 1`,
    ...vectors.map(row),
    '1',
    ...[0, 1, 2].map((axis) => row([0, 1, 2].map((at) => (at === axis ? 1 : 0)))),
    row([0, 0, 0]),
    String(structure.species.length),
    ...structure.positionsAngstrom.map(
      (position, atom) => `${String(atomicNumberOf(structure.species[atom] ?? '') ?? 0).padStart(4)}${row(position)}`,
    ),
    '',
  ].join('\n')
}
