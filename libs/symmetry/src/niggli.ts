import type { Matrix3 } from '@crystalmath/contract'
import { dot, volumeAngstrom3 } from '@crystalmath/structures'
import { IDENTITY, times } from './matrix.ts'

type Step = { readonly applies: boolean; readonly by: Matrix3 }

/** Niggli's reduced cell of a lattice (rows), by I. Křivý and B. Gruber, Acta Cryst. A32, 297 (1976), with the tolerance of R. W. Grosse-Kunstleve et al., Acta Cryst. A60, 1 (2004). Row i of the answer: reduced vector i in terms of the given ones. */
export function niggliTransformation(lattice: Matrix3, relativeTolerance = 1e-5): Matrix3 {
  const tolerance = relativeTolerance * volumeAngstrom3(lattice) ** (1 / 3)
  let by = IDENTITY
  // a real cell takes a few dozen steps; the bound only keeps rounding from going round in circles
  for (let round = 0; round < 1_000; round += 1) {
    const step = steps(times(by, lattice), tolerance * tolerance).find(({ applies }) => applies)
    if (step === undefined) return by
    by = times(step.by, by)
  }
  return by
}

/** The rules in their order; the first that applies is done, then all are asked again. */
function steps([a, b, c]: Matrix3, eps: number): readonly Step[] {
  const [A, B, C] = [dot(a, a), dot(b, b), dot(c, c)]
  const [xi, eta, zeta] = [2 * dot(b, c), 2 * dot(a, c), 2 * dot(a, b)]
  const less = (x: number, y: number) => x < y - eps
  const more = (x: number, y: number) => less(y, x)
  const same = (x: number, y: number) => !less(x, y) && !more(x, y)
  const sign = (x: number) => (more(x, 0) ? 1 : less(x, 0) ? -1 : 0)
  const signs = signRule([sign(xi), sign(eta), sign(zeta)])
  const s = (x: number) => (x > 0 ? 1 : -1)
  const sum = xi + eta + zeta + A + B
  return [
    {
      applies: more(A, B) || (same(A, B) && more(Math.abs(xi), Math.abs(eta))),
      by: [
        [0, -1, 0],
        [-1, 0, 0],
        [0, 0, -1],
      ],
    },
    {
      applies: more(B, C) || (same(B, C) && more(Math.abs(eta), Math.abs(zeta))),
      by: [
        [-1, 0, 0],
        [0, 0, -1],
        [0, -1, 0],
      ],
    },
    signs,
    {
      applies: more(Math.abs(xi), B) || (same(xi, B) && less(2 * eta, zeta)) || (same(xi, -B) && less(zeta, 0)),
      by: [
        [1, 0, 0],
        [0, 1, 0],
        [0, -s(xi), 1],
      ],
    },
    {
      applies: more(Math.abs(eta), A) || (same(eta, A) && less(2 * xi, zeta)) || (same(eta, -A) && less(zeta, 0)),
      by: [
        [1, 0, 0],
        [0, 1, 0],
        [-s(eta), 0, 1],
      ],
    },
    {
      applies: more(Math.abs(zeta), A) || (same(zeta, A) && less(2 * xi, eta)) || (same(zeta, -A) && less(eta, 0)),
      by: [
        [1, 0, 0],
        [-s(zeta), 1, 0],
        [0, 0, 1],
      ],
    },
    {
      applies: less(sum, 0) || (same(sum, 0) && more(2 * (A + eta) + zeta, 0)),
      by: [
        [1, 0, 0],
        [0, 1, 0],
        [1, 1, 1],
      ],
    },
  ]
}

/** All angles acute, or all obtuse: vectors are turned round until the three products have one sign. */
function signRule([xi, eta, zeta]: readonly [number, number, number]): Step {
  const isAcute = xi * eta * zeta > 0
  const turn = isAcute ? ([xi < 0 ? -1 : 1, eta < 0 ? -1 : 1, zeta < 0 ? -1 : 1] as const) : obtuse([xi, eta, zeta])
  const by: Matrix3 = [
    [turn[0], 0, 0],
    [0, turn[1], 0],
    [0, 0, turn[2]],
  ]
  return { applies: turn.some((one) => one < 0), by }
}

/** Signs that make every product negative or zero; where their number is odd, the vector opposite to a zero product turns too. */
function obtuse(products: readonly [number, number, number]): readonly [number, number, number] {
  const signs: [number, number, number] = [products[0] > 0 ? -1 : 1, products[1] > 0 ? -1 : 1, products[2] > 0 ? -1 : 1]
  const zero = products.lastIndexOf(0)
  const isOdd = signs[0] * signs[1] * signs[2] < 0
  if (isOdd && zero >= 0) signs[zero === 0 ? 0 : zero === 1 ? 1 : 2] *= -1
  return signs
}
