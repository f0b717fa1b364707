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

/** The first pair of atoms found nearer than `within`, with minimum images along the periodic directions; null where there is none. Linear in atoms. */
export function closestPair({
  fractional,
  lattice,
  periodic,
  within,
}: PairSearch): { readonly first: number; readonly second: number; readonly distance: number } | null {
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
