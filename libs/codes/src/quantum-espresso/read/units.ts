import {
  ANGSTROM_PER_BOHR,
  EV_PER_RYDBERG,
  GPA_PER_HARTREE_PER_BOHR3,
  type Matrix3,
  type Vector3,
} from '@crystalmath/contract/plain'

/** eV/Å in one Ry/bohr, the unit of forces in the text outputs. */
export const EV_PER_ANGSTROM_PER_RY_PER_BOHR = EV_PER_RYDBERG / ANGSTROM_PER_BOHR
/** GPa in one Ry/bohr³, the unit of the left half of the printed stress. */
export const GPA_PER_RY_PER_BOHR3 = GPA_PER_HARTREE_PER_BOHR3 / 2

/** A number times a factor; null stays null. */
export const times = (value: number | null, factor: number): number | null => (value === null ? null : value * factor)

export const scaledVector = ([x, y, z]: Readonly<Vector3>, factor: number): Vector3 => [x * factor, y * factor, z * factor]

export const scaledMatrix = ([a, b, c]: Readonly<Matrix3>, factor: number): Matrix3 => [
  scaledVector(a, factor),
  scaledVector(b, factor),
  scaledVector(c, factor),
]

/** Fractional coordinates to Cartesian ones, the rows of `lattice` being its vectors. */
export const toCartesian = ([u, v, w]: Readonly<Vector3>, [a, b, c]: Readonly<Matrix3>): Vector3 => [
  u * a[0] + v * b[0] + w * c[0],
  u * a[1] + v * b[1] + w * c[1],
  u * a[2] + v * b[2] + w * c[2],
]

/** Fractional coordinates of a reciprocal vector given in units of 2π/alat, where `axes` are the lattice vectors in units of alat. */
export const reciprocalToFractional = ([x, y, z]: Readonly<Vector3>, axes: Readonly<Matrix3>): Vector3 => {
  const along = (axis: Readonly<Vector3>): number => x * axis[0] + y * axis[1] + z * axis[2]
  return [along(axes[0]), along(axes[1]), along(axes[2])]
}

/** The first three numbers of a list, null if one of them is missing. */
export const vectorOf = (numbers: readonly (number | null)[]): Vector3 | null => {
  const [x, y, z] = numbers
  return typeof x === 'number' && typeof y === 'number' && typeof z === 'number' ? [x, y, z] : null
}
