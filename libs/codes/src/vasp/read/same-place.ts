import type { Matrix3, Structure, Vector3 } from '@crystalmath/contract'

/** Å that two files of one geometry may differ by (OUTCAR prints five decimals). */
const PRINTED_ANGSTROM = 2e-4

/** Whether two structures are one geometry, up to whole lattice vectors per atom. */
export function samePlace(a: Structure, b: Structure): boolean {
  const lattice = a.latticeAngstrom
  if (lattice === null || b.latticeAngstrom === null || a.positionsAngstrom.length !== b.positionsAngstrom.length) return false
  if (!lattice.every((row, i) => near(row, b.latticeAngstrom?.[i] ?? [0, 0, 0]))) return false
  const reciprocal = inverse(lattice)
  return a.positionsAngstrom.every((position, i) => {
    const other = b.positionsAngstrom[i] ?? [0, 0, 0]
    const away: Vector3 = [position[0] - other[0], position[1] - other[1], position[2] - other[2]]
    const whole = reciprocal.map((row) => Math.round(row[0] * away[0] + row[1] * away[1] + row[2] * away[2]))
    return near(away, along(lattice, whole))
  })
}

const near = (a: Readonly<Vector3>, b: Readonly<Vector3>): boolean =>
  Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) < PRINTED_ANGSTROM

const along = (lattice: Matrix3, n: readonly number[]): Vector3 => {
  const sum = (j: 0 | 1 | 2): number => (n[0] ?? 0) * lattice[0][j] + (n[1] ?? 0) * lattice[1][j] + (n[2] ?? 0) * lattice[2][j]
  return [sum(0), sum(1), sum(2)]
}

/** Rows are the reciprocal vectors without 2π. */
function inverse([a, b, c]: Matrix3): Matrix3 {
  const cross = (u: Vector3, v: Vector3): Vector3 => [
    u[1] * v[2] - u[2] * v[1],
    u[2] * v[0] - u[0] * v[2],
    u[0] * v[1] - u[1] * v[0],
  ]
  const [bc, ca, ab] = [cross(b, c), cross(c, a), cross(a, b)]
  const volume = a[0] * bc[0] + a[1] * bc[1] + a[2] * bc[2]
  const over = (v: Vector3): Vector3 => [v[0] / volume, v[1] / volume, v[2] / volume]
  return [over(bc), over(ca), over(ab)]
}
