import type { Matrix3 } from '@crystalmath/contract'
import { dot, norm } from '@crystalmath/structures'
import { determinant, IDENTITY, times } from './matrix.ts'
import type { Symmetry } from './moyo.ts'

/** Orthorhombic groups whose axes may be given in any order, in none but one, and (Pbca) in cyclic order; all others leave a and b free. Derived from the groups' operations: which permutations give the same group up to its origin. */
const FREE = new Set([16, 19, 22, 23, 24, 47, 48, 69, 70, 71, 73])
const BOUND = new Set([26, 28, 29, 30, 31, 33, 36, 38, 39, 40, 41, 46, 51, 52, 53, 54, 57, 60, 62, 63, 64])
const CYCLIC = 61

/** The setting that spglib takes where several cells give the same symbol: shortest vectors first, β obtuse. HPKOT counts on it, and moyo leaves it open. */
export function inSpglibSetting(symmetry: Symmetry): Symmetry {
  const { spaceGroup, conventionalLattice, conventionalFromGiven } = symmetry
  const change = changeOf(spaceGroup, symmetry.centring, conventionalLattice)
  return {
    ...symmetry,
    conventionalLattice: times(change, conventionalLattice),
    conventionalFromGiven: times(change, conventionalFromGiven),
  }
}

function changeOf(spaceGroup: number, centring: Symmetry['centring'], lattice: Matrix3): Matrix3 {
  if (spaceGroup >= 3 && spaceGroup <= 15) return shortestMonoclinic(spaceGroup, centring, lattice)
  return spaceGroup >= 16 && spaceGroup <= 74 ? ordered(spaceGroup, lattice) : IDENTITY
}

const PERMUTATIONS: readonly (readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2])[] = [
  [0, 1, 2],
  [1, 2, 0],
  [2, 0, 1],
  [1, 0, 2],
  [0, 2, 1],
  [2, 1, 0],
]

function ordered(spaceGroup: number, lattice: Matrix3): Matrix3 {
  if (BOUND.has(spaceGroup)) return IDENTITY
  const length = (axis: 0 | 1 | 2) => norm(lattice[axis])
  const allowed = FREE.has(spaceGroup)
    ? PERMUTATIONS
    : spaceGroup === CYCLIC
      ? PERMUTATIONS.slice(0, 3)
      : ([
          [0, 1, 2],
          [1, 0, 2],
        ] as const)
  const rising = allowed.find(([a, b, c]) =>
    spaceGroup === CYCLIC
      ? length(a) <= length(b) && length(a) <= length(c)
      : length(a) <= length(b) && (!FREE.has(spaceGroup) || length(b) <= length(c)),
  )
  const [a, b, c] = rising ?? [0, 1, 2]
  const by: Matrix3 = [unit(a), unit(b), unit(c)]
  return determinant(by) > 0
    ? by
    : times(
        [
          [-1, 0, 0],
          [0, -1, 0],
          [0, 0, -1],
        ],
        by,
      )
}

const unit = (axis: 0 | 1 | 2): [number, number, number] => [Number(axis === 0), Number(axis === 1), Number(axis === 2)]

/** Groups with a glide plane along c, which another c must keep. */
const GLIDES = new Set([7, 13, 14])

/** Of all cells with the same symbol, that with the least |a| + |c|. */
function shortestMonoclinic(spaceGroup: number, centring: Symmetry['centring'], [a, b, c]: Matrix3): Matrix3 {
  const range = [-3, -2, -1, 0, 1, 2, 3]
  const keeps = (p: number, q: number, r: number, s: number) =>
    centring === 'P' ? !GLIDES.has(spaceGroup) || (r % 2 === 0 && s % 2 !== 0) : p % 2 !== 0 && q % 2 === 0
  const sum = (p: number, q: number) => [0, 1, 2].map((axis) => p * (a[axis] ?? 0) + q * (c[axis] ?? 0))
  const all = range.flatMap((p) => range.flatMap((q) => range.flatMap((r) => range.map((s) => ({ p, q, r, s })))))
  let best = { by: IDENTITY, size: Number.POSITIVE_INFINITY }
  for (const { p, q, r, s } of all) {
    const turn = p * s - q * r
    if (Math.abs(turn) !== 1 || !keeps(p, q, r, s)) continue
    const [x = 0, y = 0, z = 0] = sum(p, q)
    const [u = 0, v = 0, w = 0] = sum(r, s)
    const isObtuse = dot([x, y, z], [u, v, w]) <= 1e-9
    // of two equal sums the one with a shorter a
    const size = norm([x, y, z]) + norm([u, v, w]) + 1e-6 * norm([x, y, z])
    if (isObtuse && size < best.size - 1e-9)
      best = {
        by: [
          [p, 0, q],
          [0, turn, 0],
          [r, 0, s],
        ],
        size,
      }
  }
  return dot(b, b) > 0 ? best.by : IDENTITY
}
