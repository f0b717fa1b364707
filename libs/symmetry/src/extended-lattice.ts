import type { Matrix3 } from '@crystalmath/contract'
import { dot, norm, reciprocalLattice } from '@crystalmath/structures'
import type { BAND_PATHS } from './band-paths.ts'
import { IDENTITY, inverse, times, transposed } from './matrix.ts'
import type { Symmetry } from './moyo.ts'
import { niggliTransformation } from './niggli.ts'

export type ExtendedLattice = {
  /** `tI2`: crystal family, centring, case of the table. */
  readonly name: keyof typeof BAND_PATHS
  /** Å, rows. */
  readonly conventional: Matrix3
  /** Row i: crystallographic primitive vector i in terms of the vectors that were given. */
  readonly primitiveFromGiven: Matrix3
}

const FAMILY_ENDS: readonly (readonly [string, number])[] = [
  ['a', 2],
  ['m', 15],
  ['o', 74],
  ['t', 142],
  ['h', 194],
  ['c', 230],
]

/** Table 3 of HPKOT, transposed: row i is primitive vector i in terms of the conventional ones. */
const PRIMITIVE: Readonly<Record<string, Matrix3>> = {
  F: [
    [0, 0.5, 0.5],
    [0.5, 0, 0.5],
    [0.5, 0.5, 0],
  ],
  I: [
    [-0.5, 0.5, 0.5],
    [0.5, -0.5, 0.5],
    [0.5, 0.5, -0.5],
  ],
  R: [
    [2 / 3, 1 / 3, 1 / 3],
    [-1 / 3, 1 / 3, 1 / 3],
    [-1 / 3, -2 / 3, 1 / 3],
  ],
  oC: [
    [0.5, -0.5, 0],
    [0.5, 0.5, 0],
    [0, 0, 1],
  ],
  oA: [
    [0, 0.5, -0.5],
    [0, 0.5, 0.5],
    [1, 0, 0],
  ],
  mC: [
    [0.5, 0.5, 0],
    [-0.5, 0.5, 0],
    [0, 0, 1],
  ],
}

/** Trigonal groups whose paths need both senses of c (HPKOT, hP1). */
const HP1 = new Set([143, 144, 145, 146, 147, 148, 149, 151, 153, 157, 159, 160, 161, 162, 163])

/** Which table of HPKOT a crystal belongs to, with the cell that its coordinates refer to. */
export function extendedLatticeOf({
  spaceGroup,
  centring,
  conventionalLattice,
  conventionalFromGiven,
}: Symmetry): ExtendedLattice {
  const family = FAMILY_ENDS.find(([, last]) => spaceGroup <= last)?.[0] ?? 'c'
  if (family === 'a') return triclinic(conventionalLattice, conventionalFromGiven)
  const bravais = `${family}${centring}`
  const primitive = PRIMITIVE[bravais] ?? PRIMITIVE[centring] ?? IDENTITY
  return {
    name: nameOf(bravais, spaceGroup, conventionalLattice),
    conventional: conventionalLattice,
    primitiveFromGiven: times(primitive, conventionalFromGiven),
  }
}

function nameOf(bravais: string, spaceGroup: number, lattice: Matrix3): keyof typeof BAND_PATHS {
  const [a, b, c] = [norm(lattice[0]), norm(lattice[1]), norm(lattice[2])]
  switch (bravais) {
    case 'cP':
      return spaceGroup <= 206 ? 'cP1' : 'cP2'
    case 'cF':
      return spaceGroup <= 206 ? 'cF1' : 'cF2'
    case 'cI':
      return 'cI1'
    case 'tP':
      return 'tP1'
    case 'tI':
      return c <= a ? 'tI1' : 'tI2'
    case 'oP':
      return 'oP1'
    case 'oF':
      return faceCentred(1 / a ** 2, 1 / b ** 2, 1 / c ** 2)
    case 'oI':
      return c >= a && c >= b ? 'oI1' : b >= a ? 'oI3' : 'oI2'
    case 'oC':
      return a <= b ? 'oC1' : 'oC2'
    case 'oA':
      return b <= c ? 'oA1' : 'oA2'
    case 'hP':
      return HP1.has(spaceGroup) ? 'hP1' : 'hP2'
    case 'hR':
      return Math.sqrt(3) * a <= Math.SQRT2 * c ? 'hR1' : 'hR2'
    case 'mP':
      return 'mP1'
    case 'mC':
      return monoclinic(lattice)
    default:
      throw new Error(`no table of HPKOT for ${bravais}`)
  }
}

const faceCentred = (a: number, b: number, c: number) => (a > b + c ? 'oF1' : c > a + b ? 'oF2' : 'oF3')

function monoclinic(lattice: Matrix3) {
  const [a, b, c] = [norm(lattice[0]), norm(lattice[1]), norm(lattice[2])]
  const cosBeta = dot(lattice[0], lattice[2]) / (a * c)
  const sinSquared = 1 - cosBeta ** 2
  if (b < a * Math.sqrt(sinSquared)) return 'mC1'
  return (-a * cosBeta) / c + (a ** 2 * sinSquared) / b ** 2 <= 1 ? 'mC2' : 'mC3'
}

const CYCLES: readonly Matrix3[] = [
  [
    [0, 1, 0],
    [0, 0, 1],
    [1, 0, 0],
  ],
  [
    [0, 0, 1],
    [1, 0, 0],
    [0, 1, 0],
  ],
  IDENTITY,
]

/** The cell whose reciprocal cell is reduced, has its smallest product of a and b, and angles all acute or all obtuse (HPKOT, section 2.4). */
function triclinic(lattice: Matrix3, fromGiven: Matrix3): ExtendedLattice {
  const reduced = niggliTransformation(reciprocalLattice(lattice))
  // where reciprocal vectors change by N, the vectors change by the inverse of N, transposed
  const reduction = transposed(inverse(reduced))
  const reciprocal = reciprocalLattice(times(reduction, lattice))
  const products = [
    Math.abs(dot(reciprocal[1], reciprocal[2])),
    Math.abs(dot(reciprocal[0], reciprocal[2])),
    Math.abs(dot(reciprocal[0], reciprocal[1])),
  ]
  const cycle = CYCLES[products.indexOf(Math.min(...products))] ?? IDENTITY
  const cycled = times(cycle, reduction)
  const by = times(turned(reciprocalLattice(times(cycled, lattice))), cycled)
  const conventional = times(by, lattice)
  const [ka, kb, kc] = reciprocalLattice(conventional)
  return {
    name: dot(kb, kc) <= 0 && dot(ka, kc) <= 0 && dot(ka, kb) <= 0 ? 'aP2' : 'aP3',
    conventional,
    primitiveFromGiven: times(by, fromGiven),
  }
}

/** Two vectors are turned round where one cosine differs in sign from the other two. */
function turned([ka, kb, kc]: Matrix3): Matrix3 {
  const acute = [dot(kb, kc) > 0, dot(ka, kc) > 0, dot(ka, kb) > 0]
  const odd = acute.findIndex((one, index) => acute.every((other, at) => at === index || other !== one))
  if (odd < 0) return IDENTITY
  const sign = (index: number) => (index === odd ? 1 : -1)
  return [
    [sign(0), 0, 0],
    [0, sign(1), 0],
    [0, 0, sign(2)],
  ]
}
