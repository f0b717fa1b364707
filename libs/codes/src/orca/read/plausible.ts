import { atomicNumberOf } from '@crystalmath/structures/elements'

/**
 * Is an energy in hartree lower than these atoms allow? A neutral atom has about −0.77 Z^(7/3) (Thomas-Fermi, a lower
 * bound to within a few per cent), relativity lowers the heaviest by a third: beyond 1.6 times that and 2 hartree an SCF has diverged.
 */
export function belowAnyAtoms(hartree: number, species: readonly string[]): boolean {
  if (species.length === 0) return false
  let bound = 2
  for (const symbol of species) {
    const z = atomicNumberOf(symbol)
    if (z === null) return false
    bound += 1.6 * 0.77 * z ** (7 / 3)
  }
  return hartree < -bound
}
