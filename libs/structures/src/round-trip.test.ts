import type { Matrix3, Structure, Vector3 } from '@crystalmath/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatCif } from './cif/write.ts'
import { structureHash } from './content-hash.ts'
import {
  hasLattice,
  kMeshOf,
  latticeFromParameters,
  reciprocalLattice,
  toCartesian,
  toFractional,
  volumeAngstrom3,
} from './lattice.ts'
import { parseStructure } from './parse-structure.ts'
import { formatPoscar } from './poscar/write.ts'
import { dot } from './vectors.ts'
import { formatExtxyz, formatXyz } from './xyz/write.ts'

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const lattice: fc.Arbitrary<Matrix3> = fc
  .record({
    lengths: fc.tuple(between(2, 20), between(2, 20), between(2, 20)),
    angles: fc.tuple(between(65, 115), between(65, 115), between(65, 115)),
  })
  .map(latticeFromParameters)
  .filter((cell) => cell !== null)
const vector = (low: number, high: number): fc.Arbitrary<Vector3> =>
  fc.tuple(between(low, high), between(low, high), between(low, high))
const flags = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean())

const structure: fc.Arbitrary<Structure & { latticeAngstrom: Matrix3 }> = fc.integer({ min: 1, max: 6 }).chain((count) =>
  fc.record({
    latticeAngstrom: lattice,
    periodic: fc.constant<[boolean, boolean, boolean]>([true, true, true]),
    species: fc.array(fc.constantFrom('H', 'Fe', 'Og'), { minLength: count, maxLength: count }),
    positionsAngstrom: fc.array(vector(-9, 9), { minLength: count, maxLength: count }),
    initialMomentsBohr: fc.array(between(-5, 5), { minLength: count, maxLength: count }),
    fixed: fc
      .array(flags, { minLength: count, maxLength: count })
      .map((rows): [boolean, boolean, boolean][] => [[true, false, false], ...rows.slice(1)]),
  }),
)
/** Random atoms may coincide: such structures are refused, which is tested elsewhere. */
const readBack = (format: 'poscar' | 'cif' | 'extxyz' | 'xyz', text: string) => {
  const parsed = parseStructure({ format, text })
  if (!parsed.ok) fc.pre(!parsed.problems.every(({ message }) => message.includes('Å apart') || message.includes('Å thick')))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.structure
}
const close = (left: readonly Vector3[], right: readonly Vector3[], within = 1e-9) =>
  expect(
    left.every((row, index) => row.every((value, axis) => Math.abs(value - (right[index]?.[axis] ?? Number.NaN)) < within)),
  ).toBe(true)

describe('written and read again', () => {
  it('a POSCAR holds the same lattice, atoms and fixed directions', () =>
    fc.assert(
      fc.property(structure, fc.constantFrom('direct' as const, 'cartesian' as const), (before, coordinates) => {
        const after = readBack('poscar', formatPoscar(before, { coordinates }))
        expect([after.species, after.fixed]).toEqual([before.species, before.fixed])
        close(after.positionsAngstrom, before.positionsAngstrom)
        close(after.latticeAngstrom ?? [], before.latticeAngstrom)
      }),
    ))

  it('an extended XYZ holds everything', () =>
    fc.assert(
      fc.property(structure, flags, (before, periodic) => {
        const after = readBack('extxyz', formatExtxyz({ ...before, periodic }))
        expect([after.species, after.fixed, after.periodic]).toEqual([before.species, before.fixed, periodic])
        close(after.positionsAngstrom, before.positionsAngstrom)
        close(
          [after.initialMomentsBohr?.slice(0, 1) as unknown as Vector3],
          [before.initialMomentsBohr?.slice(0, 1) as unknown as Vector3],
        )
      }),
    ))

  it('an XYZ holds the atoms', () =>
    fc.assert(
      fc.property(structure, (before) => {
        const after = readBack('xyz', formatXyz(before))
        expect([after.species, after.latticeAngstrom]).toEqual([before.species, null])
        close(after.positionsAngstrom, before.positionsAngstrom)
      }),
    ))

  it('a CIF holds the cell and the fractional coordinates', () =>
    fc.assert(
      fc.property(structure, (before) => {
        const after = readBack('cif', formatCif(before))
        if (!hasLattice(after)) throw new Error('the lattice is lost')
        expect(after.species).toEqual(before.species)
        expect(volumeAngstrom3(after.latticeAngstrom) / volumeAngstrom3(before.latticeAngstrom)).toBeCloseTo(1, 8)
        const differences = toFractional(after.positionsAngstrom, after.latticeAngstrom).map((row, index) => {
          const [x, y, z] = toFractional(before.positionsAngstrom, before.latticeAngstrom)[index] ?? [0, 0, 0]
          const off = (value: number) => value - Math.round(value)
          return [off(row[0] - x), off(row[1] - y), off(row[2] - z)] as Vector3
        })
        close(
          differences,
          differences.map(() => [0, 0, 0]),
          1e-8,
        )
      }),
    ))

  it('never throws at broken text, and names a mend', () =>
    fc.assert(
      fc.property(
        structure,
        fc.constantFrom('poscar' as const, 'cif' as const, 'extxyz' as const),
        fc.nat(900),
        fc.string(),
        (before, format, at, noise) => {
          const text = { poscar: formatPoscar, cif: (one: typeof before) => formatCif(one), extxyz: formatExtxyz }[format](before)
          const parsed = parseStructure({ format, text: text.slice(0, at) + noise + text.slice(at + 3) })
          if (!parsed.ok) expect(parsed.problems.every(({ mend }) => mend !== undefined)).toBe(true)
        },
      ),
    ))
})

describe('a lattice', () => {
  it('has a reciprocal lattice with a · b = 2π', () =>
    fc.assert(
      fc.property(lattice, (cell) => {
        const reciprocal = reciprocalLattice(cell)
        for (const [i, a] of cell.entries())
          for (const [j, b] of reciprocal.entries()) expect(dot(a, b)).toBeCloseTo(i === j ? 2 * Math.PI : 0, 8)
      }),
    ))

  it('turns fractional coordinates into Cartesian ones and back', () =>
    fc.assert(
      fc.property(lattice, vector(-3, 3), (cell, x) => void close(toFractional([toCartesian(x, cell)], cell), [x], 1e-9)),
    ))

  it('gets a k mesh whose neighbours are never farther apart than asked', () => {
    const cube: Structure & { latticeAngstrom: Matrix3 } = {
      latticeAngstrom: [
        [4, 0, 0],
        [0, 5, 0],
        [0, 0, 20],
      ],
      species: ['H'],
      positionsAngstrom: [[0, 0, 0]],
    }
    // 2π/4 = 1.571, 2π/5 = 1.257, 2π/20 = 0.314
    expect(kMeshOf(cube, 0.25)).toEqual([7, 6, 2])
    expect(kMeshOf(cube, Math.PI / 10)).toEqual([5, 4, 1])
    expect(kMeshOf({ ...cube, periodic: [true, true, false] }, 0.1)).toEqual([16, 13, 1])
  })
})

describe('the content hash', () => {
  const iron: Structure = {
    latticeAngstrom: [
      [2.8, 0, 0],
      [0, 2.8, 0],
      [0, 0, 2.8],
    ],
    species: ['Fe', 'Fe'],
    positionsAngstrom: [
      [0, 0, 0],
      [1.4, 1.4, 1.4],
    ],
    initialMomentsBohr: [2, 2],
  }
  const same = structureHash(iron)

  it('does not see float noise, negative zeros, or what is said twice', () => {
    expect(
      structureHash({
        ...iron,
        positionsAngstrom: [
          [-0, 1e-13, 0],
          [1.4 + 1e-12, 1.4, 1.4],
        ],
      }),
    ).toBe(same)
    expect(
      structureHash({
        ...iron,
        periodic: [true, true, true],
        labels: ['Fe', 'Fe'],
        fixed: [
          [false, false, false],
          [false, false, false],
        ],
      }),
    ).toBe(same)
  })

  it.each<[string, Partial<Structure>]>([
    ['the other magnetic order', { initialMomentsBohr: [2, -2] }],
    ['a slab', { periodic: [true, true, false] }],
    [
      'a fixed atom',
      {
        fixed: [
          [true, true, true],
          [false, false, false],
        ],
      },
    ],
    [
      'an atom moved by 1e-6 Å',
      {
        positionsAngstrom: [
          [0, 0, 1e-6],
          [1.4, 1.4, 1.4],
        ],
      },
    ],
    ['other site labels', { labels: ['Fe1', 'Fe2'] }],
    ['a molecule', { latticeAngstrom: null }],
  ])('tells %s apart', (_, over) => expect(structureHash({ ...iron, ...over })).not.toBe(same))
})
