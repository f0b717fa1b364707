import type { Matrix3, Structure, Vector3 } from '@crystalmath/contract'

export type Crystal = { readonly name: string; readonly structure: Structure & { readonly latticeAngstrom: Matrix3 } }

const box = (a: number, b: number, c: number): Matrix3 => [
  [a, 0, 0],
  [0, b, 0],
  [0, 0, c],
]
const hexagonal = (a: number, c: number): Matrix3 => [
  [a, 0, 0],
  [-a / 2, (a * Math.sqrt(3)) / 2, 0],
  [0, 0, c],
]
const faceCentred = (a: number): Matrix3 => [
  [0, a / 2, a / 2],
  [a / 2, 0, a / 2],
  [a / 2, a / 2, 0],
]
const bodyCentred = (a: number): Matrix3 => [
  [-a / 2, a / 2, a / 2],
  [a / 2, -a / 2, a / 2],
  [a / 2, a / 2, -a / 2],
]

type Site = readonly [string, number, number, number]
function crystal(name: string, latticeAngstrom: Matrix3, sites: readonly Site[], moments?: readonly number[]): Crystal {
  const cartesian = ([, ...fractional]: Site): Vector3 => {
    const along = (axis: 0 | 1 | 2) =>
      fractional.reduce((sum, value, row) => sum + value * (latticeAngstrom[row]?.[axis] ?? 0), 0)
    return [along(0), along(1), along(2)]
  }
  return {
    name,
    structure: {
      latticeAngstrom,
      species: sites.map(([symbol]) => symbol),
      positionsAngstrom: sites.map(cartesian),
      ...(moments === undefined ? {} : { initialMomentsBohr: [...moments] }),
    },
  }
}

const rockSalt = (name: string, a: number, [first, second]: readonly [string, string]) =>
  crystal(name, faceCentred(a), [
    [first, 0, 0, 0],
    [second, 0.5, 0.5, 0.5],
  ])
const fluorite = (name: string, a: number, [first, second]: readonly [string, string]) =>
  crystal(name, faceCentred(a), [
    [first, 0, 0, 0],
    [second, 0.25, 0.25, 0.25],
    [second, 0.75, 0.75, 0.75],
  ])
const perovskite = (name: string, a: number, [first, second, third]: readonly [string, string, string]) =>
  crystal(name, box(a, a, a), [
    [first, 0, 0, 0],
    [second, 0.5, 0.5, 0.5],
    [third, 0.5, 0.5, 0],
    [third, 0.5, 0, 0.5],
    [third, 0, 0.5, 0.5],
  ])
const rutile = (name: string, a: number, c: number, [first, second]: readonly [string, string]) =>
  crystal(name, box(a, a, c), [
    [first, 0, 0, 0],
    [first, 0.5, 0.5, 0.5],
    [second, 0.3, 0.3, 0],
    [second, 0.7, 0.7, 0],
    [second, 0.2, 0.8, 0.5],
    [second, 0.8, 0.2, 0.5],
  ])

/** Oxides and fluorides with and without U, metals, magnets, 4f and 5f elements, layers, a molecule in a box, cells of every shape. */
export const CRYSTALS: readonly Crystal[] = [
  crystal('silicon', faceCentred(5.43), [
    ['Si', 0, 0, 0],
    ['Si', 0.25, 0.25, 0.25],
  ]),
  crystal('silicon, conventional', box(5.43, 5.43, 5.43), [
    ['Si', 0, 0, 0],
    ['Si', 0.5, 0.5, 0],
    ['Si', 0.5, 0, 0.5],
    ['Si', 0, 0.5, 0.5],
    ['Si', 0.25, 0.25, 0.25],
    ['Si', 0.75, 0.75, 0.25],
    ['Si', 0.75, 0.25, 0.75],
    ['Si', 0.25, 0.75, 0.75],
  ]),
  crystal('iron', bodyCentred(2.87), [['Fe', 0, 0, 0]]),
  crystal('copper', faceCentred(3.61), [['Cu', 0, 0, 0]]),
  crystal('magnesium', hexagonal(3.21, 5.21), [
    ['Mg', 1 / 3, 2 / 3, 0.25],
    ['Mg', 2 / 3, 1 / 3, 0.75],
  ]),
  crystal('cobalt', hexagonal(2.51, 4.07), [
    ['Co', 1 / 3, 2 / 3, 0.25],
    ['Co', 2 / 3, 1 / 3, 0.75],
  ]),
  crystal(
    'chromium, antiferromagnetic',
    box(2.91, 2.91, 2.91),
    [
      ['Cr', 0, 0, 0],
      ['Cr', 0.5, 0.5, 0.5],
    ],
    [1.5, -1.5],
  ),
  rockSalt('nickel oxide', 4.18, ['Ni', 'O']),
  rockSalt('iron oxide', 4.33, ['Fe', 'O']),
  rockSalt('manganese oxide', 4.44, ['Mn', 'O']),
  rockSalt('cobalt oxide', 4.26, ['Co', 'O']),
  rockSalt('magnesium oxide', 4.21, ['Mg', 'O']),
  rockSalt('sodium chloride', 5.64, ['Na', 'Cl']),
  rockSalt('iron nitride', 4.2, ['Fe', 'N']),
  rockSalt('manganese sulfide', 5.22, ['Mn', 'S']),
  rockSalt('europium oxide', 5.14, ['Eu', 'O']),
  rockSalt('ytterbium sulfide', 5.68, ['Yb', 'S']),
  rockSalt('plutonium carbide', 4.97, ['Pu', 'C']),
  fluorite('uranium dioxide', 5.47, ['U', 'O']),
  fluorite('cerium dioxide', 5.41, ['Ce', 'O']),
  fluorite('thorium dioxide', 5.6, ['Th', 'O']),
  rutile('vanadium dioxide', 4.55, 2.85, ['V', 'O']),
  rutile('titanium dioxide', 4.59, 2.96, ['Ti', 'O']),
  rutile('manganese difluoride', 4.87, 3.31, ['Mn', 'F']),
  rutile('iron difluoride, antiferromagnetic', 4.7, 3.31, ['Fe', 'F']),
  perovskite('strontium titanate', 3.905, ['Sr', 'Ti', 'O']),
  perovskite('barium titanate', 4.01, ['Ba', 'Ti', 'O']),
  perovskite('lanthanum manganite', 3.88, ['La', 'Mn', 'O']),
  perovskite('tungsten bronze', 3.79, ['Na', 'W', 'O']),
  perovskite('potassium nickel fluoride', 4.01, ['K', 'Ni', 'F']),
  crystal('molybdenum trioxide, a layer', box(3.96, 3.7, 14.0), [
    ['Mo', 0.25, 0.25, 0.1],
    ['O', 0.25, 0.25, 0.22],
    ['O', 0.25, 0.75, 0.1],
    ['O', 0.75, 0.25, 0.1],
  ]),
  crystal('bismuth telluride', hexagonal(4.38, 30.49), [
    ['Bi', 0, 0, 0.4],
    ['Bi', 0, 0, 0.6],
    ['Te', 0, 0, 0],
    ['Te', 0, 0, 0.21],
    ['Te', 0, 0, 0.79],
  ]),
  crystal('gadolinium', hexagonal(3.63, 5.78), [
    ['Gd', 1 / 3, 2 / 3, 0.25],
    ['Gd', 2 / 3, 1 / 3, 0.75],
  ]),
  crystal('lithium cobaltate, atoms mixed up', hexagonal(2.82, 14.05), [
    ['O', 0, 0, 0.24],
    ['Co', 0, 0, 0.5],
    ['O', 0, 0, 0.76],
    ['Li', 0, 0, 0],
  ]),
  crystal(
    'dysprosium scandate, a skew cell',
    [
      [5.4, 0.4, 0],
      [0, 5.7, 0.6],
      [0.5, 0, 7.9],
    ],
    [
      ['Dy', 0.1, 0.1, 0.1],
      ['Sc', 0.5, 0.5, 0.5],
      ['O', 0.5, 0, 0.25],
      ['O', 0.25, 0.75, 0.75],
      ['O', 0, 0.5, 0.4],
    ],
  ),
  crystal('water in a box', box(10, 10.5, 11), [
    ['O', 0.5, 0.5, 0.5],
    ['H', 0.57, 0.5, 0.55],
    ['H', 0.43, 0.5, 0.55],
  ]),
  crystal(
    'iron oxide, moments given',
    faceCentred(4.33),
    [
      ['Fe', 0, 0, 0],
      ['O', 0.5, 0.5, 0.5],
    ],
    [4, 0.1],
  ),
  crystal('aluminium, moments given as none', faceCentred(4.05), [['Al', 0, 0, 0]], [0]),
]
