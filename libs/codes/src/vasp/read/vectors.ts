import type { Matrix3, Vector3 } from '@crystalmath/contract'

/** Rows of three; null if there are none or one is unreadable. */
export function toVectors(flat: readonly number[]): Vector3[] | null {
  if (flat.length === 0 || flat.length % 3 !== 0) return null
  const rows: Vector3[] = []
  for (let i = 0; i < flat.length; i += 3) {
    const [x, y, z] = [flat[i] ?? Number.NaN, flat[i + 1] ?? Number.NaN, flat[i + 2] ?? Number.NaN]
    if (Number.isNaN(x + y + z)) return null
    rows.push([x, y, z])
  }
  return rows
}

export function toMatrix(flat: readonly number[]): Matrix3 | null {
  const rows = toVectors(flat)
  if (rows?.length !== 3) return null
  const [a, b, c] = rows
  return a === undefined || b === undefined || c === undefined ? null : [a, b, c]
}

/** Fractional to cartesian. */
export const toCartesian = ([x, y, z]: Vector3, [a, b, c]: Matrix3): Vector3 => [
  x * a[0] + y * b[0] + z * c[0],
  x * a[1] + y * b[1] + z * c[1],
  x * a[2] + y * b[2] + z * c[2],
]
