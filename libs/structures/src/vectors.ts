import type { Matrix3, Vector3 } from '@crystalmath/contract'

export const add = (a: Vector3, b: Vector3): Vector3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
export const subtract = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
export const scaled = (a: Vector3, factor: number): Vector3 => [a[0] * factor, a[1] * factor, a[2] * factor]
export const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
export const norm = (a: Vector3): number => Math.hypot(a[0], a[1], a[2])
export const cross = (a: Vector3, b: Vector3): Vector3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]

export const determinant = (m: Matrix3): number => dot(m[0], cross(m[1], m[2]))

/** Row vector times matrix: fractional coordinates times lattice rows give Cartesian ones. */
export const rowTimes = (v: Vector3, m: Matrix3): Vector3 => add(add(scaled(m[0], v[0]), scaled(m[1], v[1])), scaled(m[2], v[2]))

/** Applies a function to the three members. */
export const mapVector = (v: Vector3, map: (value: number, index: 0 | 1 | 2) => number): Vector3 => [
  map(v[0], 0),
  map(v[1], 1),
  map(v[2], 2),
]
