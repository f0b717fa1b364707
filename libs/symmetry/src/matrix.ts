import type { Matrix3, Vector3 } from '@crystalmath/contract'
import { determinant, mapVector, reciprocalLattice, rowTimes } from '@crystalmath/structures'

/** Rows of `m` in terms of the rows of `n`. */
export const times = (m: Matrix3, n: Matrix3): Matrix3 => [rowTimes(m[0], n), rowTimes(m[1], n), rowTimes(m[2], n)]

export const transposed = ([a, b, c]: Matrix3): Matrix3 => [
  [a[0], b[0], c[0]],
  [a[1], b[1], c[1]],
  [a[2], b[2], c[2]],
]

export const inverse = (m: Matrix3): Matrix3 => {
  const columns = reciprocalLattice(m)
  const part = (row: Vector3): Vector3 => mapVector(row, (value) => value / (2 * Math.PI))
  return transposed([part(columns[0]), part(columns[1]), part(columns[2])])
}

/** Matrix times column vector. */
export const timesColumn = (m: Matrix3, v: Vector3): Vector3 => rowTimes(v, transposed(m))

export const IDENTITY: Matrix3 = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
]

export { determinant }
