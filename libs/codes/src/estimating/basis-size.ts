import { atomicNumberOf } from '@crystalmath/structures'

/** Operations per second of one core in products of matrices, conservatively. */
export const OPERATIONS_PER_SECOND = 2e9

/** Basis functions (spherical) by period and quality: minimal; as def2-SVP, def2-TZVP, def2-QZVP (Weigend and Ahlrichs, PCCP 7 (2005) 3297, table 1; hydrogen with p).
 * Rows: H and He, Li to Ne, Na to Ar, K to Kr, Rb to Xe, Cs and heavier. */
const FUNCTIONS: readonly (readonly [number, number, number, number])[] = [
  [1, 5, 6, 30],
  [5, 14, 31, 57],
  [9, 18, 37, 70],
  [18, 32, 48, 84],
  [27, 32, 50, 84],
  [43, 60, 92, 130],
]
/** Correlation-consistent sets give hydrogen more polarisation (Dunning, J. Chem. Phys. 90 (1989) 1007). */
const CORRELATED_HYDROGEN = [1, 5, 14, 30] as const
const LAST_OF_PERIOD = [2, 10, 18, 36, 54] as const

/** Zeta of a set by its name: a name that tells nothing counts as triple. */
const zetaOf = (basis: string): number =>
  /sto-|minix|mini\b/i.test(basis)
    ? 0
    : /3-21|4-22|svp|dz|6-31(?!1)|-31g|msv/i.test(basis)
      ? 1
      : /qz|5z|pc(seg)?-[34]/i.test(basis)
        ? 3
        : 2

/** Basis functions of a molecule or cell in a set that is known by its name alone; one with diffuse functions has a third more, a correlation-consistent one three fifths. */
export function basisFunctions(species: readonly string[], basis: string): number {
  const zeta = zetaOf(basis)
  const isCorrelated = /cc-p/i.test(basis)
  const diffuse = isCorrelated && /aug/i.test(basis) ? 1.6 : /aug|^ma-|vpd|vppd|\+/i.test(basis) ? 4 / 3 : 1
  const of = (symbol: string): number => {
    const period = LAST_OF_PERIOD.findIndex((last) => (atomicNumberOf(symbol) ?? 120) <= last)
    if (isCorrelated && period === 0) return CORRELATED_HYDROGEN[zeta] ?? 30
    return FUNCTIONS[period < 0 ? 5 : period]?.[zeta] ?? 130
  }
  return Math.ceil(diffuse * species.reduce((sum, symbol) => sum + of(symbol), 0))
}
