import type { Structure } from '@crystalmath/contract'

/** Atoms grouped by element in the order in which the elements first appear: POTCAR has each once. Entry i is the submitted index of written atom i. */
export function groupedOrder({ species }: Structure): readonly number[] {
  const elements = [...new Set(species)]
  return species
    .map((_, index) => index)
    .sort((a, b) => elements.indexOf(species[a] ?? '') - elements.indexOf(species[b] ?? '') || a - b)
}

export const isSubmittedOrder = (order: readonly number[]): boolean => order.every((from, to) => from === to)

const picked = <T>(list: readonly T[], order: readonly number[]): T[] => order.flatMap((index) => list.slice(index, index + 1))

/** The structure with its atoms in another order. */
export function reordered<S extends Structure>(structure: S, order: readonly number[]): S {
  const { species, positionsAngstrom, initialMomentsBohr, fixed, labels } = structure
  return {
    ...structure,
    species: picked(species, order),
    positionsAngstrom: picked(positionsAngstrom, order),
    ...(initialMomentsBohr && { initialMomentsBohr: picked(initialMomentsBohr, order) }),
    ...(fixed && { fixed: picked(fixed, order) }),
    ...(labels && { labels: picked(labels, order) }),
  }
}
