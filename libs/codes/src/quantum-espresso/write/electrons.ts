import type { InputProblem, PseudopotentialFile } from '@crystalmath/contract'
import { parameterProblem } from '../../writing/problems.ts'
import type { Kinds } from './kinds.ts'
import { type Entries, numberIn } from './namelists.ts'

/** Valence electrons of the cell, or null where a pseudopotential does not say. */
export function electronCount(
  { kinds, ofAtom }: Kinds,
  files: ReadonlyMap<string, PseudopotentialFile>,
  system: Entries,
): number | null {
  let total = -(numberIn(system, 'tot_charge') ?? 0)
  for (const at of ofAtom) {
    const valence = files.get(kinds[at]?.element ?? '')?.valenceElectrons ?? null
    if (valence === null) return null
    total += valence
  }
  return Math.round(total * 1e6) / 1e6
}

/** Electron numbers, bands and occupations that cannot be. */
export function electronProblems(electrons: number, system: Entries): readonly InputProblem[] {
  if (electrons <= 0)
    return [
      parameterProblem(
        'system.tot_charge',
        `a charge of ${numberIn(system, 'tot_charge') ?? 0} leaves ${electrons} valence electrons`,
        'write a smaller charge',
        numberIn(system, 'tot_charge'),
      ),
    ]
  return [...occupationProblems(electrons, system), ...bandProblems(electrons, system)]
}

function occupationProblems(electrons: number, system: Entries): readonly InputProblem[] {
  const isFixed = (system.get('occupations') ?? 'fixed') === 'fixed'
  if (!isFixed || system.get('noncolin') === true) return []
  if (numberIn(system, 'nspin') === 2)
    return system.has('tot_magnetization')
      ? []
      : [
          parameterProblem(
            'system.occupations',
            'fixed occupations with nspin = 2 need system.tot_magnetization',
            'set it to the number of unpaired electrons, or use a smearing',
          ),
        ]
  const even = Math.abs(electrons / 2 - Math.round(electrons / 2)) < 1e-6
  return even
    ? []
    : [
        parameterProblem(
          'system.occupations',
          `fixed occupations need an even number of electrons, and there are ${electrons}`,
          'use a smearing, or nspin = 2 with tot_magnetization',
        ),
      ]
}

function bandProblems(electrons: number, system: Entries): readonly InputProblem[] {
  const bands = numberIn(system, 'nbnd')
  if (bands === undefined) return []
  const unpaired = numberIn(system, 'nspin') === 2 ? Math.abs(numberIn(system, 'tot_magnetization') ?? 0) : 0
  const least = system.get('noncolin') === true ? Math.ceil(electrons) : Math.ceil((electrons + unpaired) / 2)
  return bands >= least
    ? []
    : [parameterProblem('system.nbnd', `${bands} bands cannot hold ${electrons} electrons`, `write at least ${least}`, bands)]
}

/** Occupations that lack what they rest on. */
export function smearingProblems(system: Entries, kCard: string): readonly InputProblem[] {
  const occupations = system.get('occupations')
  const width = numberIn(system, 'degauss')
  if (occupations === 'smearing' && !(width !== undefined && width > 0))
    return [
      parameterProblem(
        'system.degauss',
        'smearing needs a width',
        'set parameters.smearing with widthEv, or system.degauss in rydberg',
        width,
      ),
    ]
  if (typeof occupations === 'string' && occupations.startsWith('tetrahedra') && !kCard.startsWith('K_POINTS automatic'))
    return [
      parameterProblem(
        'system.occupations',
        `${occupations} needs a regular mesh of k points`,
        'give kMesh or kSpacingPerAngstrom',
        occupations,
      ),
    ]
  return []
}
