import type { Matrix3, Vector3 } from '@crystalmath/contract'
import { dot, norm, reciprocalLattice } from '@crystalmath/structures'
import { describe, expect, it } from 'vitest'
import { evaluate } from './expression.ts'
import { kPathOf, pointsAlong } from './k-path.ts'
import { times } from './matrix.ts'
import { symmetryOf } from './moyo.ts'
import { niggliTransformation } from './niggli.ts'

const crystal = (latticeAngstrom: Matrix3, species: readonly string[], fractional: readonly Vector3[], moments?: number[]) => ({
  latticeAngstrom,
  species: [...species],
  positionsAngstrom: times2(fractional, latticeAngstrom),
  ...(moments === undefined ? {} : { initialMomentsBohr: moments }),
})
const times2 = (rows: readonly Vector3[], m: Matrix3): Vector3[] =>
  rows.map((row) => [0, 1, 2].map((axis) => row.reduce((sum, value, i) => sum + value * (m[i]?.[axis] ?? 0), 0)) as Vector3)
const a = 2.715
const FCC: Matrix3 = [
  [0, a, a],
  [a, 0, a],
  [a, a, 0],
]
const box = (x: number, y: number, z: number): Matrix3 => [
  [x, 0, 0],
  [0, y, 0],
  [0, 0, z],
]
const SILICON = crystal(
  FCC,
  ['Si', 'Si'],
  [
    [0, 0, 0],
    [0.25, 0.25, 0.25],
  ],
)
const TRICLINIC: Matrix3 = [
  [5.1, 0.3, 0.1],
  [0.2, 3.2, 0.9],
  [1.0, 0.4, 4.0],
]

describe('the path of HPKOT', () => {
  it.each([
    ['silicon', SILICON, 'cF2', 227, 'GAMMA-X X-U K-GAMMA GAMMA-L L-W W-X'],
    [
      'iron',
      crystal(
        box(2.87, 2.87, 2.87),
        ['Fe', 'Fe'],
        [
          [0, 0, 0],
          [0.5, 0.5, 0.5],
        ],
      ),
      'cI1',
      229,
      null,
    ],
    [
      'caesium chloride',
      crystal(
        box(4.1, 4.1, 4.1),
        ['Cs', 'Cl'],
        [
          [0, 0, 0],
          [0.5, 0.5, 0.5],
        ],
      ),
      'cP2',
      221,
      null,
    ],
    ['a simple orthorhombic cell, axes out of order', crystal(box(5, 3, 4), ['Ar'], [[0, 0, 0]]), 'oP1', 47, null],
    [
      'a long body-centred tetragonal cell',
      crystal(
        box(3, 3, 7),
        ['In', 'In'],
        [
          [0, 0, 0],
          [0.5, 0.5, 0.5],
        ],
      ),
      'tI2',
      139,
      null,
    ],
    [
      'a triclinic cell',
      crystal(
        TRICLINIC,
        ['Si', 'P'],
        [
          [0, 0, 0],
          [0.21, 0.32, 0.13],
        ],
      ),
      'aP2',
      1,
      null,
    ],
  ] as const)('of %s', (_, structure, extended, group, path) => {
    const found = kPathOf(structure)
    expect([found?.extendedLattice, found?.spaceGroup]).toEqual([extended, group])
    if (path !== null) expect(found?.segments.map((pair) => pair.join('-')).join(' ')).toBe(path)
  })

  it('is given in the submitted cell, whatever its vectors are', () => {
    const skew: Matrix3 = [
      [a, a, 2 * a],
      [a, 0, a],
      [a, a, 0],
    ]
    const length = (lattice: Matrix3) => {
      const structure = { ...SILICON, latticeAngstrom: lattice }
      const x = kPathOf(structure)?.points.get('X') ?? [0, 0, 0]
      const reciprocal = reciprocalLattice(lattice)
      return norm([0, 1, 2].map((axis) => x.reduce((sum, v, i) => sum + v * (reciprocal[i]?.[axis] ?? 0), 0)) as Vector3)
    }
    expect(length(skew)).toBeCloseTo((2 * Math.PI) / (2 * a), 9)
    expect(length(FCC)).toBeCloseTo(length(skew), 9)
  })

  it('says that a supercell folds, and tells magnetic orders apart', () => {
    const conventional = crystal(
      box(2.87, 2.87, 2.87),
      ['Fe', 'Fe'],
      [
        [0, 0, 0],
        [0.5, 0.5, 0.5],
      ],
    )
    expect(kPathOf(conventional)?.cellMultiple).toBe(2)
    const antiferromagnet = { ...conventional, initialMomentsBohr: [2, -2] }
    expect(kPathOf(antiferromagnet)).toMatchObject({ cellMultiple: 1, extendedLattice: 'cP2' })
  })

  it('is longer without inversion and without time reversal', () => {
    const gaas = crystal(
      FCC,
      ['Ga', 'As'],
      [
        [0, 0, 0],
        [0.25, 0.25, 0.25],
      ],
    )
    expect(kPathOf(gaas)?.segments).toHaveLength(6)
    expect(kPathOf(gaas, { withTimeReversal: false })?.segments).toHaveLength(12)
    expect(kPathOf(SILICON, { withTimeReversal: false })?.segments).toHaveLength(6)
  })

  it('is walked in even steps, each corner once', () => {
    const path = kPathOf(SILICON)
    const points = path === null ? [] : pointsAlong(path, SILICON, 0.1)
    expect(
      points
        .filter(({ label }) => label !== null)
        .map(({ label }) => label)
        .join(' '),
    ).toBe('GAMMA X U K GAMMA L W X')
    expect(points[0]?.kPoint).toEqual([0, 0, 0])
  })

  it('is none where atoms lie on each other', () => {
    expect(
      symmetryOf(
        crystal(
          FCC,
          ['Si', 'Si'],
          [
            [0, 0, 0],
            [0, 0, 0],
          ],
        ),
      ),
    ).toBeNull()
  })
})

describe('what it stands on', () => {
  it('reduces a cell to the same shape from any vectors of its lattice', () => {
    const shape = (lattice: Matrix3) => {
      const [x, y, z] = times(niggliTransformation(lattice), lattice)
      return [dot(x, x), dot(y, y), dot(z, z), Math.abs(dot(y, z)), Math.abs(dot(x, z)), Math.abs(dot(x, y))].map((v) =>
        v.toFixed(6),
      )
    }
    const other = times(
      [
        [1, 2, -1],
        [0, 1, 3],
        [0, 0, 1],
      ],
      TRICLINIC,
    )
    expect(shape(other)).toEqual(shape(TRICLINIC))
  })

  it('evaluates the expressions of the tables, and no others', () => {
    const names = new Map([
      ['a', 2],
      ['c', 4],
    ])
    expect(evaluate('(1+a*a/c/c)/4', names)).toBeCloseTo(0.3125, 12)
    expect(evaluate('-1/4+a/2-a*c', names)).toBeCloseTo(-7.25, 12)
    for (const text of ['1+', 'b', '(1', '1 1']) expect(() => evaluate(text, names)).toThrow('cannot be evaluated')
  })
})
