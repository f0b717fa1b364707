import type { Matrix3, Vector3 } from '@crystalmath/contract'
import { planeSpacingsAngstrom } from './lattice.ts'
import { mapVector, norm, rowTimes, subtract } from './vectors.ts'

export type PairSearch = {
  readonly fractional: readonly Vector3[]
  readonly lattice: Matrix3
  readonly periodic: readonly [boolean, boolean, boolean]
  /** Å; less than half of the spacing of lattice planes. */
  readonly within: number
}

export type Pair = { readonly first: number; readonly second: number; readonly distance: number }

/** Below so many atoms all pairs cost less than boxes. */
const FEW = 64

/** The first pair of atoms found nearer than `within`, with minimum images along the periodic directions; null where there is none. Linear in atoms. */
export function closestPair({ fractional, lattice, periodic, within }: PairSearch): Pair | null {
  if (fractional.length <= FEW) return closestOfFew({ fractional, lattice, periodic, within })
  // boxes at least `within` thick: a near pair lies in one box or in neighbouring ones
  const boxes = mapVector(planeSpacingsAngstrom(lattice), (spacing) => Math.max(1, Math.floor(spacing / within)))
  const inBox = new Map<string, number[]>()
  const wrap = (index: number, axis: 0 | 1 | 2) => (periodic[axis] ? ((index % boxes[axis]) + boxes[axis]) % boxes[axis] : index)
  for (const [second, position] of fractional.entries()) {
    const box = mapVector(position, (value, axis) => wrap(Math.floor(value * boxes[axis]), axis))
    for (const neighbour of neighbours(box, wrap))
      for (const first of inBox.get(neighbour) ?? []) {
        const distance = distanceBetween(fractional[first] ?? position, position, { lattice, periodic })
        if (distance < within) return { first, second, distance }
      }
    const key = box.join()
    const list = inBox.get(key)
    if (list === undefined) inBox.set(key, [second])
    else list.push(second)
  }
  return null
}

/** All pairs, without an object for any of them: tables have a hundred thousand molecules. */
function closestOfFew({ fractional, lattice, periodic, within }: PairSearch): Pair | null {
  const flat = Float64Array.from(fractional.flat())
  const cell = Float64Array.from(lattice.flat())
  const wraps = Float64Array.from(periodic, Number)
  const at = (list: Float64Array, index: number): number => list[index] ?? Number.NaN
  const image = (value: number, axis: number): number => value - at(wraps, axis) * Math.round(value)
  for (let second = 1; second < fractional.length; second += 1) {
    for (let first = 0; first < second; first += 1) {
      const x = image(at(flat, 3 * first) - at(flat, 3 * second), 0)
      const y = image(at(flat, 3 * first + 1) - at(flat, 3 * second + 1), 1)
      const z = image(at(flat, 3 * first + 2) - at(flat, 3 * second + 2), 2)
      const dx = x * at(cell, 0) + y * at(cell, 3) + z * at(cell, 6)
      const dy = x * at(cell, 1) + y * at(cell, 4) + z * at(cell, 7)
      const dz = x * at(cell, 2) + y * at(cell, 5) + z * at(cell, 8)
      const square = dx * dx + dy * dy + dz * dz
      if (square < within * within) return { first, second, distance: Math.sqrt(square) }
    }
  }
  return null
}

function neighbours(box: Vector3, wrap: (index: number, axis: 0 | 1 | 2) => number): ReadonlySet<string> {
  const steps = [-1, 0, 1]
  const keys = steps.flatMap((x) =>
    steps.flatMap((y) => steps.map((z) => [wrap(box[0] + x, 0), wrap(box[1] + y, 1), wrap(box[2] + z, 2)].join())),
  )
  return new Set(keys)
}

const distanceBetween = (a: Vector3, b: Vector3, { lattice, periodic }: Pick<PairSearch, 'lattice' | 'periodic'>): number =>
  norm(
    rowTimes(
      mapVector(subtract(a, b), (value, axis) => (periodic[axis] ? value - Math.round(value) : value)),
      lattice,
    ),
  )
