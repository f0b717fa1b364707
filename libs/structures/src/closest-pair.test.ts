import type { Vector3 } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { closestPair } from './closest-pair.ts'

const CUBE = [
  [10, 0, 0],
  [0, 10, 0],
  [0, 0, 10],
] as const
/** A grid of atoms 1 Å and more apart, in fractions of the cell. */
const grid = (count: number): Vector3[] =>
  Array.from({ length: count }, (_, i) => [(i % 5) * 0.1 + 0.05, (Math.floor(i / 5) % 5) * 0.1, Math.floor(i / 25) * 0.1])
const search = (fractional: readonly Vector3[], isPeriodic: boolean) =>
  closestPair({ fractional, lattice: CUBE as never, periodic: [isPeriodic, isPeriodic, isPeriodic], within: 0.5 })

describe.each([
  ['few', 20],
  ['many', 100],
])('of %s atoms', (_, count) => {
  it('finds none where none are near', () => expect(search(grid(count), true)).toBeNull())

  it('finds the pair, and how near it is', () => {
    const near = search([...grid(count), [0.05, 0, 0.03]], false)
    expect(near).toMatchObject({ first: 0, second: count })
    expect(near?.distance).toBeCloseTo(0.3, 12)
  })

  it('looks through the faces of the cell where it is periodic, and only there', () => {
    const atoms: Vector3[] = [...grid(count), [0.05, 0, 0.98]]
    expect(search(atoms, true)?.distance).toBeCloseTo(0.2, 12)
    expect(search(atoms, false)).toBeNull()
  })
})
