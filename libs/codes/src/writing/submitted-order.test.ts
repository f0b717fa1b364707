import type { CalculationResult, Structure } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { emptyResult } from '../reading/result.ts'
import { vaspWrites } from '../vasp/writes.ts'
import { inSubmittedOrder } from './submitted-order.ts'

const submitted: Structure = {
  latticeAngstrom: [
    [9, 0, 0],
    [0, 9, 0],
    [0, 0, 9],
  ],
  species: ['O', 'Fe', 'H', 'O', 'Fe'],
  positionsAngstrom: [
    [0, 0, 0],
    [1, 0, 0],
    [2, 0, 0],
    [3, 0, 0],
    [4, 0, 0],
  ],
}
const order = vaspWrites.writtenOrder?.(submitted) ?? []
const written = (values: readonly number[]) => order.map((index) => values[index] ?? Number.NaN)
const atX = (values: readonly number[]) => values.map((x): [number, number, number] => [x, 0, 0])

/** What VASP says of atoms grouped as O O Fe Fe H. */
const said = (species: string[]): CalculationResult => ({
  ...emptyResult('vasp'),
  structure: { ...submitted, species, positionsAngstrom: atX(written([0, 1, 2, 3, 4])) },
  forcesEvPerAngstrom: atX(written([10, 11, 12, 13, 14])),
  sites: { projected: { magneticMomentsBohr: written([0.1, 4, 0, 0.2, -4]) } },
  properties: {
    trajectory: [{ energyEv: -1, forcesEvPerAngstrom: atX(written([20, 21, 22, 23, 24])) }],
    dos: { energiesEv: [0], densities: [[0]], projected: [{ site: 1, orbital: 's', spin: 0, densities: [7] }] },
  },
})

describe('a result of atoms that were grouped by element', () => {
  it('comes back in the order in which they were submitted', () => {
    expect(order).toEqual([0, 3, 1, 4, 2])
    const result = inSubmittedOrder(said(['O', 'O', 'Fe', 'Fe', 'H']), submitted, order)
    expect(result.structure).toEqual(submitted)
    expect(result.forcesEvPerAngstrom).toEqual(atX([10, 11, 12, 13, 14]))
    expect(result.sites['projected']?.magneticMomentsBohr).toEqual([0.1, 4, 0, 0.2, -4])
    expect(result.properties.trajectory?.[0]?.forcesEvPerAngstrom).toEqual(atX([20, 21, 22, 23, 24]))
    expect(result.properties.dos?.projected?.[0]?.site).toBe(3)
  })

  it('stays as it is where its atoms are others than the written ones', () => {
    const other = said(['O', 'Fe', 'H', 'O', 'Fe'])
    expect(inSubmittedOrder(other, submitted, order)).toBe(other)
  })
})
