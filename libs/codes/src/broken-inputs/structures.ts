import type { Structure } from '@crystalmath/contract'
import { SILICON } from '../writing/sample-task.ts'

/** Small systems that inputs are asked for. */
export const cubic = (a: number, atoms: readonly (readonly [string, number, number, number])[]): Structure => ({
  latticeAngstrom: [
    [a, 0, 0],
    [0, a, 0],
    [0, 0, a],
  ],
  periodic: [true, true, true],
  species: atoms.map(([symbol]) => symbol),
  positionsAngstrom: atoms.map(([, x, y, z]) => [x * a, y * a, z * a]),
})
export const molecule = (atoms: readonly (readonly [string, number, number, number])[]): Structure => ({
  latticeAngstrom: null,
  species: atoms.map(([symbol]) => symbol),
  positionsAngstrom: atoms.map(([, x, y, z]) => [x, y, z]),
})
export const WATER = molecule([
  ['O', 0, 0, 0.1173],
  ['H', 0, 0.7572, -0.4692],
  ['H', 0, -0.7572, -0.4692],
])
export const ATOM = molecule([['He', 0, 0, 0]])
export const GOLD_HYDRIDE = molecule([
  ['Au', 0, 0, 0],
  ['H', 0, 0, 1.52],
])
export const THORIUM_OXIDE = molecule([
  ['Th', 0, 0, 0],
  ['O', 0, 0, 1.84],
])
export const IRON = cubic(2.87, [
  ['Fe', 0, 0, 0],
  ['Fe', 0.5, 0.5, 0.5],
])
export const IRON_OXIDE = cubic(4.3, [
  ['Fe', 0, 0, 0],
  ['O', 0.5, 0, 0],
  ['Fe', 0.5, 0.5, 0],
  ['O', 0, 0.5, 0],
])
export const LEFT_HANDED: Structure = {
  ...SILICON,
  latticeAngstrom: [
    [2.715, 0, 2.715],
    [0, 2.715, 2.715],
    [2.715, 2.715, 0],
  ],
}

export const MGO = cubic(4.21, [
  ['Mg', 0, 0, 0],
  ['O', 0.5, 0.5, 0.5],
])
export const LAYER: Structure = { ...MGO, periodic: [true, true, false] }
export const NICKEL_MOMENTS = { ...IRON_OXIDE, initialMomentsBohr: [4, 0, -4, 0] }
export const FIXED = {
  ...SILICON,
  fixed: [
    [true, true, true],
    [false, false, false],
  ] as [boolean, boolean, boolean][],
}
export const METHYL = molecule([
  ['C', 0, 0, 0],
  ['H', 1.079, 0, 0],
  ['H', -0.5395, 0.9344, 0],
  ['H', -0.5395, -0.9344, 0],
])
