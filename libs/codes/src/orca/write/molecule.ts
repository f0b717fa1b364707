import type { InputProblem, Structure } from '@crystalmath/contract'
import { atomicNumberOf, periodicityOf } from '@crystalmath/structures'
import { parameterProblem } from '../../writing/problems.ts'
import type { OrcaSettings } from './settings.ts'

/** Electrons of the molecule with its charge. */
export const electronCount = ({ species }: Structure, charge: number): number =>
  species.reduce((sum, symbol) => sum + (atomicNumberOf(symbol) ?? 0), 0) - charge

/** The multiplicity: what the user says, else a singlet. An odd number of electrons needs the user's word. */
export function multiplicityOf(
  structure: Structure,
  { charge, multiplicity }: OrcaSettings,
): { readonly multiplicity: number; readonly problems: readonly InputProblem[] } {
  const electrons = electronCount(structure, charge)
  const value = multiplicity ?? 1
  const refused = (path: string, message: string, mend: string, given?: number) => ({
    multiplicity: value,
    problems: [parameterProblem(path, message, mend, given)],
  })
  if (electrons <= 0)
    return refused('charge', `a charge of ${charge} leaves ${electrons} electrons`, 'write a smaller charge', charge)
  if ((electrons + value) % 2 === 0)
    return refused(
      'multiplicity',
      `${electrons} electrons cannot have a multiplicity of ${value}`,
      electrons % 2 === 0
        ? 'write an odd multiplicity: 1, 3, 5, …'
        : 'write an even multiplicity: 2 for one unpaired electron, 4, …',
      multiplicity,
    )
  if (value > electrons + 1)
    return refused(
      'multiplicity',
      `${electrons} electrons have at most a multiplicity of ${electrons + 1}`,
      'write a smaller one',
      multiplicity,
    )
  return { multiplicity: value, problems: [] }
}

/** ORCA computes molecules. */
export function moleculeProblems(structure: Structure): readonly InputProblem[] {
  if (periodicityOf(structure).includes(true))
    return [
      {
        path: 'structure.latticeAngstrom',
        message: 'ORCA computes molecules, but this structure repeats',
        mend: 'send the molecule without a lattice, or set periodic to [false, false, false]',
      },
    ]
  const partly = structure.fixed?.findIndex((row) => row.includes(true) && row.includes(false)) ?? -1
  return partly < 0
    ? []
    : [
        {
          path: `structure.fixed[${partly}]`,
          message: 'ORCA fixes whole atoms, not single directions',
          mend: 'fix all three directions of the atom, or none',
        },
      ]
}
