import type { Structure } from '@crystalmath/contract'

/** Silicon in its primitive cell, a = 5.43 Å. */
export const SILICON: Structure = {
  latticeAngstrom: [
    [0, 2.715, 2.715],
    [2.715, 0, 2.715],
    [2.715, 2.715, 0],
  ],
  species: ['Si', 'Si'],
  positionsAngstrom: [
    [0, 0, 0],
    [1.3575, 1.3575, 1.3575],
  ],
}

/** Aluminium arsenide in a triclinic cell with its atoms out of place: no symmetry, and not one force component like another. */
export const TRICLINIC: Structure = {
  latticeAngstrom: [
    [0.05, 2.86, 2.79],
    [2.81, -0.07, 2.9],
    [2.75, 2.84, 0.11],
  ],
  species: ['Al', 'As'],
  positionsAngstrom: [
    [0.02, 0.01, -0.03],
    [1.47, 1.31, 1.52],
  ],
}

/** Three elements in a triclinic cell: an order of three that is not its own inverse. */
export const THREE_ATOMS: Structure = {
  latticeAngstrom: [
    [3.9, 0.1, -0.2],
    [0.3, 4.1, 0.15],
    [-0.1, 0.25, 4.4],
  ],
  species: ['Al', 'As', 'Si'],
  positionsAngstrom: [
    [0.1, 0.05, 0],
    [2.05, 2.2, 0.3],
    [0.2, 1.9, 2.4],
  ],
}

/** Two atoms of aluminium in a tetragonal cell, one out of place. */
export const ALUMINIUM: Structure = {
  latticeAngstrom: [
    [2.86, 0, 0],
    [0, 2.86, 0],
    [0, 0, 4.05],
  ],
  species: ['Al', 'Al'],
  positionsAngstrom: [
    [0, 0, 0],
    [1.33, 1.5, 2.1],
  ],
}

/** Ferromagnetic nickel, a = 3.48 Å. */
export const NICKEL: Structure = {
  latticeAngstrom: [
    [0, 1.74, 1.74],
    [1.74, 0, 1.74],
    [1.74, 1.74, 0],
  ],
  species: ['Ni'],
  positionsAngstrom: [[0, 0, 0]],
  initialMomentsBohr: [1.5],
}

/** Pseudopotentials of Quantum ESPRESSO's own examples, all of one functional (PZ). */
export const PSEUDOPOTENTIALS: Readonly<Record<string, string>> = {
  Al: 'Al.pz-vbc.UPF',
  As: 'As.pz-bhs.UPF',
  H: 'H.pz-vbc.UPF',
  Mg: 'Mg.pz-n-vbc.UPF',
  Ni: 'Ni.pz-nd-rrkjus.UPF',
  O: 'O.pz-rrkjus.UPF',
  Si: 'Si.pz-vbc.UPF',
}

/** Those of a structure's elements. */
export const pseudopotentialsOf = ({ species }: Structure): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries([...new Set(species)].map((element) => [element, PSEUDOPOTENTIALS[element]]))

/** Aluminium arsenide in its primitive cell, a = 5.62 Å. */
export const ZINCBLENDE: Structure = {
  latticeAngstrom: [
    [0, 2.81, 2.81],
    [2.81, 0, 2.81],
    [2.81, 2.81, 0],
  ],
  species: ['Al', 'As'],
  positionsAngstrom: [
    [0, 0, 0],
    [1.405, 1.405, 1.405],
  ],
}

/** Magnesium oxide as it is under pressure that no press reaches: two ions in a small cubic cell. */
export const CUBIC_OXIDE: Structure = {
  latticeAngstrom: [
    [2.7, 0, 0],
    [0, 2.7, 0],
    [0, 0, 2.7],
  ],
  species: ['Mg', 'O'],
  positionsAngstrom: [
    [0, 0, 0],
    [1.35, 1.35, 1.35],
  ],
}
