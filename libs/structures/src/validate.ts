import type { InputProblem, Matrix3, Structure, Vector3 } from '@crystalmath/contract'
import { closestPair } from './closest-pair.ts'
import { isElement, nearestElement } from './elements.ts'
import { formulaOf } from './formula.ts'
import { hasLattice, periodicityOf, planeSpacingsAngstrom, toFractional, volumeAngstrom3 } from './lattice.ts'
import { determinant } from './vectors.ts'

/** Å. Nearer atoms are one atom listed twice; the shortest bond, of H2, is 0.74 Å. */
export const COINCIDING_ANGSTROM = 0.3
/** Å³. */
const LEAST_VOLUME = 1e-3
/** Å between neighbouring lattice planes: no crystal comes near it. */
const LEAST_PLANE_SPACING = 0.6

export type StructureLimits = {
  /** Default 10 000. */
  readonly maxAtoms?: number
}

export type Validation = { readonly problems: readonly InputProblem[]; readonly warnings: readonly string[] }

/** Everything about a structure that no calculation can be right with. Paths begin with `structure`. */
export function validateStructure(structure: Structure, { maxAtoms = 10_000 }: StructureLimits = {}): Validation {
  const shape = [...countProblems(structure, maxAtoms), ...lengthProblems(structure), ...numberProblems(structure)]
  if (shape.length > 0) return { problems: [...shape, ...elementProblems(structure)], warnings: [] }
  const lattice = latticeFindings(structure)
  const problems = [...elementProblems(structure), ...lattice.problems]
  return {
    problems: lattice.problems.length > 0 ? problems : [...problems, ...coincidences(structure)],
    warnings: lattice.warnings,
  }
}

const problem = (path: string, message: string, mend: string, value?: string): InputProblem => ({
  path: `structure.${path}`,
  ...(value === undefined ? {} : { value }),
  message,
  mend,
})

function countProblems({ species }: Structure, maxAtoms: number): readonly InputProblem[] {
  if (species.length === 0) return [problem('species', 'the structure has no atoms', 'add at least one atom')]
  if (species.length <= maxAtoms) return []
  return [
    problem(
      'species',
      `${species.length} atoms are more than the ${maxAtoms} that are allowed`,
      'send a smaller cell',
      String(species.length),
    ),
  ]
}

function lengthProblems({ species, positionsAngstrom, initialMomentsBohr, fixed, labels }: Structure): readonly InputProblem[] {
  return Object.entries({ positionsAngstrom, initialMomentsBohr, fixed, labels }).flatMap(([name, list]) =>
    list === undefined || list.length === species.length
      ? []
      : [
          problem(
            name,
            `${name} has ${list.length} entries for ${species.length} atoms`,
            `give ${name} one entry per atom`,
            String(list.length),
          ),
        ],
  )
}

function numberProblems({ latticeAngstrom, positionsAngstrom, initialMomentsBohr }: Structure): readonly InputProblem[] {
  const wrong = (name: string, rows: readonly (readonly number[])[]) =>
    rows.flatMap((row, index) =>
      row.every((value) => Number.isFinite(value) && Math.abs(value) < 1e6)
        ? []
        : [
            problem(
              `${name}[${index}]`,
              `${name}[${index}] is not made of finite numbers below a million`,
              'write plain numbers in Å',
              row.join(' '),
            ),
          ],
    )
  return [
    ...wrong('latticeAngstrom', latticeAngstrom ?? []),
    ...wrong('positionsAngstrom', positionsAngstrom).slice(0, 10),
    ...wrong(
      'initialMomentsBohr',
      (initialMomentsBohr ?? []).map((moment) => [moment]),
    ).slice(0, 10),
  ]
}

function elementProblems({ species }: Structure): readonly InputProblem[] {
  return [...new Set(species)]
    .filter((symbol) => !isElement(symbol))
    .map((symbol) => {
      const nearest = nearestElement(symbol)
      const mend =
        nearest === null ? 'write a symbol of the periodic table' : `did you mean ${nearest}? (names such as Fe1 go into labels)`
      return problem(`species[${species.indexOf(symbol)}]`, `"${symbol}" is no element`, mend, symbol)
    })
}

function latticeFindings(structure: Structure): Validation {
  if (!hasLattice(structure)) {
    const claimed = structure.periodic?.includes(true) === true
    return {
      problems: claimed
        ? [problem('periodic', 'a structure without a lattice repeats nowhere', 'give latticeAngstrom, or leave periodic out')]
        : [],
      warnings: [],
    }
  }
  const lattice: Matrix3 = structure.latticeAngstrom
  if (volumeAngstrom3(lattice) < LEAST_VOLUME)
    return {
      problems: [
        problem(
          'latticeAngstrom',
          `the cell has a volume of ${volumeAngstrom3(lattice).toExponential(2)} Å³`,
          'give three lattice vectors that do not lie in a plane',
        ),
      ],
      warnings: [],
    }
  const thinnest = Math.min(...planeSpacingsAngstrom(lattice))
  if (thinnest < LEAST_PLANE_SPACING)
    return {
      problems: [problem('latticeAngstrom', `the cell is only ${thinnest.toFixed(3)} Å thick`, 'give the lattice vectors in Å')],
      warnings: [],
    }
  const left = determinant(lattice) < 0 ? ['the lattice vectors are left-handed; some codes refuse that: swap two of them'] : []
  return { problems: [], warnings: left }
}

function coincidences(structure: Structure): readonly InputProblem[] {
  const { latticeAngstrom, positionsAngstrom, species } = structure
  const lattice: Matrix3 = latticeAngstrom ?? [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]
  const fractional: readonly Vector3[] = latticeAngstrom === null ? positionsAngstrom : toFractional(positionsAngstrom, lattice)
  const pair = closestPair({ fractional, lattice, periodic: periodicityOf(structure), within: COINCIDING_ANGSTROM })
  if (pair === null) return []
  const { first, second, distance } = pair
  return [
    problem(
      `positionsAngstrom[${second}]`,
      `atoms ${first + 1} (${species[first]}) and ${second + 1} (${species[second]}) of ${formulaOf(species)} are ${distance.toFixed(3)} Å apart, periodic images included`,
      'remove the atom that is listed twice, or check the units: positions and lattice are in Å',
      (positionsAngstrom[second] ?? []).join(' '),
    ),
  ]
}
