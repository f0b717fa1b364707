import type { Matrix3, Structure, Vector3 } from '@crystalmath/contract'

export const IDENTITY: Matrix3 = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
]

const map3 = <T>(make: (index: 0 | 1 | 2) => T): [T, T, T] => [make(0), make(1), make(2)]

/** Matrix times column. */
export const times = (matrix: Matrix3, [x, y, z]: Vector3): Vector3 =>
  map3((row) => matrix[row][0] * x + matrix[row][1] * y + matrix[row][2] * z)

export const transposed = (matrix: Matrix3): Matrix3 => map3((row) => map3((column) => matrix[column][row]))

export const product = (a: Matrix3, b: Matrix3): Matrix3 => transposed(map3((column) => times(a, transposed(b)[column])))

/** Rotation by an angle (radians) about an axis through the origin (Rodrigues). */
export function rotation([x, y, z]: Vector3, angle: number): Matrix3 {
  const length = Math.hypot(x, y, z)
  const [u, v, w] = [x / length, y / length, z / length]
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  return [
    [c + u * u * (1 - c), u * v * (1 - c) - w * s, u * w * (1 - c) + v * s],
    [v * u * (1 - c) + w * s, c + v * v * (1 - c), v * w * (1 - c) - u * s],
    [w * u * (1 - c) - v * s, w * v * (1 - c) + u * s, c + w * w * (1 - c)],
  ]
}

/** The cell and its atoms under a linear map of space: a strain (1 + ε) or a rotation. */
export const mapped = (structure: Structure, matrix: Matrix3): Structure => ({
  ...structure,
  latticeAngstrom: structure.latticeAngstrom === null ? null : map3((row) => times(matrix, cellOf(structure)[row])),
  positionsAngstrom: structure.positionsAngstrom.map((position) => times(matrix, position)),
})

/** 1 + a symmetric strain of `amount` in one component. */
export const strain = (row: 0 | 1 | 2, column: 0 | 1 | 2, amount: number): Matrix3 =>
  map3((i) =>
    map3(
      (j) =>
        (i === j ? 1 : 0) + ((i === row && j === column) || (i === column && j === row) ? amount / (row === column ? 1 : 2) : 0),
    ),
  )

/** One atom moved along one axis, Å. */
export const moved = (structure: Structure, atom: number, axis: 0 | 1 | 2, byAngstrom: number): Structure => ({
  ...structure,
  positionsAngstrom: structure.positionsAngstrom.map((position, index) =>
    index === atom ? map3((one) => position[one] + (one === axis ? byAngstrom : 0)) : position,
  ),
})

/** The same atoms in another order: entry i says which atom comes i-th. */
export const permuted = (structure: Structure, order: readonly number[]): Structure => ({
  ...structure,
  species: order.map((atom) => structure.species[atom] ?? ''),
  positionsAngstrom: order.map((atom): Vector3 => structure.positionsAngstrom[atom] ?? [0, 0, 0]),
})

/** The crystal twice along its third vector. */
export function doubledAlongC(structure: Structure): Structure {
  const [a, b, c] = cellOf(structure)
  return {
    ...structure,
    latticeAngstrom: [a, b, map3((axis) => 2 * c[axis])],
    species: [...structure.species, ...structure.species],
    positionsAngstrom: [
      ...structure.positionsAngstrom,
      ...structure.positionsAngstrom.map((position): Vector3 => map3((axis) => position[axis] + c[axis])),
    ],
  }
}

/** The lattice of a crystal, which must have one. */
export function cellOf({ latticeAngstrom }: Structure): Matrix3 {
  if (latticeAngstrom === null) throw new Error('a molecule has no lattice')
  return latticeAngstrom
}

/** The largest difference of two lists of rows; NaN where their shapes differ, so that no comparison holds. */
export const farthest = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number =>
  a.length === b.length
    ? Math.max(...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - (b[i]?.[j] ?? Number.NaN)))))
    : Number.NaN
