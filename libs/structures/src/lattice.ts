import type { Matrix3, Structure, Vector3 } from '@crystalmath/contract'
import { cross, determinant, dot, mapVector, norm, rowTimes, scaled } from './vectors.ts'

/** A structure that has a lattice. */
export type LatticeStructure = Structure & { latticeAngstrom: Matrix3 }

export const hasLattice = (structure: Structure): structure is LatticeStructure => structure.latticeAngstrom !== null

/** Along which lattice vectors it repeats: what `periodic` says, else all of an existing lattice, else none. */
export function periodicityOf(structure: Structure): readonly [boolean, boolean, boolean] {
  if (structure.latticeAngstrom === null) return [false, false, false]
  return structure.periodic ?? [true, true, true]
}

/** Å³, positive for left-handed lattices too. */
export const volumeAngstrom3 = (lattice: Matrix3): number => Math.abs(determinant(lattice))

/** Rows b1, b2, b3 in 1/Å with the factor 2π: a_i · b_j = 2π δ_ij. The lattice must have a volume. */
export function reciprocalLattice(lattice: Matrix3): Matrix3 {
  const factor = (2 * Math.PI) / determinant(lattice)
  const [a, b, c] = lattice
  return [scaled(cross(b, c), factor), scaled(cross(c, a), factor), scaled(cross(a, b), factor)]
}

/** Distances between neighbouring lattice planes, Å: the heights of the cell along each reciprocal vector. */
export const planeSpacingsAngstrom = (lattice: Matrix3): Vector3 => {
  const [b1, b2, b3] = reciprocalLattice(lattice)
  return [(2 * Math.PI) / norm(b1), (2 * Math.PI) / norm(b2), (2 * Math.PI) / norm(b3)]
}

export const toCartesian = (fractional: Vector3, lattice: Matrix3): Vector3 => rowTimes(fractional, lattice)

/** Fractional coordinates of many positions; the inverse is made once. */
export function toFractional(positions: readonly Vector3[], lattice: Matrix3): Vector3[] {
  const reciprocal = reciprocalLattice(lattice)
  return positions.map((position) => mapVector([0, 0, 0], (_, index) => dot(position, reciprocal[index]) / (2 * Math.PI)))
}

/** Lengths in Å and angles α, β, γ in degrees. */
export type CellParameters = { readonly lengths: Vector3; readonly angles: Vector3 }

export function cellParametersOf(lattice: Matrix3): CellParameters {
  const [a, b, c] = lattice
  const angle = (u: Vector3, v: Vector3) =>
    (Math.acos(Math.max(-1, Math.min(1, dot(u, v) / (norm(u) * norm(v))))) * 180) / Math.PI
  return { lengths: [norm(a), norm(b), norm(c)], angles: [angle(b, c), angle(a, c), angle(a, b)] }
}

/** The lattice with a along x and b in the xy plane; null where the angles close no cell. */
export function latticeFromParameters({ lengths, angles }: CellParameters): Matrix3 | null {
  const [cosA, cosB, cosG] = mapVector(angles, (angle) => (Math.abs(angle - 90) < 1e-12 ? 0 : Math.cos((angle * Math.PI) / 180)))
  const sinG = Math.sqrt(1 - cosG * cosG)
  const cx = cosB
  const cy = (cosA - cosB * cosG) / sinG
  const cz2 = 1 - cx * cx - cy * cy
  if (!(cz2 > 1e-12) || !lengths.every((length) => length > 0)) return null
  return [
    [lengths[0], 0, 0],
    [lengths[1] * cosG, lengths[1] * sinG, 0],
    [lengths[2] * cx, lengths[2] * cy, lengths[2] * Math.sqrt(cz2)],
  ]
}

/** Numbers of k points along the reciprocal vectors so that neighbours are at most `kSpacingPerAngstrom` apart: n = max(1, ceil(|b| / spacing))
 * with the 2π inside b, as VASP's KSPACING counts; 1 where the structure does not repeat. A quotient within 1e-6 of an integer is that integer. */
export function kMeshOf(structure: LatticeStructure, kSpacingPerAngstrom: number): Vector3 {
  const reciprocal = reciprocalLattice(structure.latticeAngstrom)
  const periodic = periodicityOf(structure)
  return mapVector([1, 1, 1], (_, index) =>
    periodic[index] ? Math.max(1, Math.ceil(norm(reciprocal[index]) / kSpacingPerAngstrom - 1e-6)) : 1,
  )
}
