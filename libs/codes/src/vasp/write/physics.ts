import type { InputProblem, PseudopotentialFile, Structure } from '@crystalmath/contract'
import { parameterProblem } from '../../writing/problems.ts'
import type { Incar } from './incar.ts'

/** Valence electrons of the neutral cell; null where a POTCAR does not say. */
export function valenceElectrons({ species }: Structure, files: ReadonlyMap<string, PseudopotentialFile>): number | null {
  let total = 0
  for (const element of species) {
    const valence = files.get(element)?.valenceElectrons ?? null
    if (valence === null) return null
    total += valence
  }
  return Math.round(total * 1e6) / 1e6
}

const numberOf = (incar: Incar, tag: string): number | undefined => {
  const value = incar.get(tag)
  return typeof value === 'number' ? value : undefined
}

export type Facts = {
  readonly incar: Incar
  readonly structure: Structure
  readonly elementCount: number
  /** In the cell, charge included; null where unknown. */
  readonly electrons: number | null
  readonly kPointCount: number
  readonly ranks: number
  readonly calculation: string
}

/** Tags that contradict each other or cannot be. */
export function physicsProblems(facts: Facts): readonly InputProblem[] {
  return [
    ...bandProblems(facts),
    ...spinProblems(facts),
    ...listProblems(facts),
    ...smearingProblems(facts),
    ...parallelProblems(facts),
    ...dynamicsProblems(facts),
  ]
}

function bandProblems({ incar, electrons }: Facts): readonly InputProblem[] {
  if (electrons !== null && electrons <= 0)
    return [parameterProblem('charge', `the charge leaves ${electrons} valence electrons`, 'write a smaller charge')]
  const bands = numberOf(incar, 'NBANDS')
  if (bands === undefined || electrons === null) return []
  const isNoncollinear = incar.get('LNONCOLLINEAR') === true || incar.get('LSORBIT') === true
  const least = isNoncollinear ? Math.ceil(electrons) : Math.ceil(electrons / 2)
  return bands >= least
    ? []
    : [parameterProblem('incar.NBANDS', `${bands} bands cannot hold ${electrons} electrons`, `write at least ${least}`, bands)]
}

function spinProblems({ incar, structure }: Facts): readonly InputProblem[] {
  const moments = incar.get('MAGMOM')
  const isNoncollinear = incar.get('LNONCOLLINEAR') === true || incar.get('LSORBIT') === true
  const atoms = structure.species.length
  const wanted = isNoncollinear ? 3 * atoms : atoms
  const problems: InputProblem[] = []
  if (Array.isArray(moments) && moments.length !== wanted)
    problems.push(
      parameterProblem(
        'incar.MAGMOM',
        `MAGMOM has ${moments.length} numbers, but ${atoms} atoms need ${wanted}`,
        'give the structure initialMomentsBohr instead',
        moments,
      ),
    )
  if (numberOf(incar, 'ISPIN') === 1 && structure.initialMomentsBohr?.some((moment) => moment !== 0) === true)
    problems.push(
      parameterProblem(
        'incar.ISPIN',
        'ISPIN = 1 contradicts the initial moments of the structure',
        'leave ISPIN out, or the moments',
        1,
      ),
    )
  if (incar.has('NUPDOWN') && numberOf(incar, 'ISPIN') !== 2)
    problems.push(parameterProblem('incar.NUPDOWN', 'NUPDOWN needs ISPIN = 2', 'set incar.ISPIN to 2', incar.get('NUPDOWN')))
  return problems
}

function listProblems({ incar, elementCount }: Facts): readonly InputProblem[] {
  return ['LDAUL', 'LDAUU', 'LDAUJ'].flatMap((tag) => {
    const list = incar.get(tag)
    return Array.isArray(list) && list.length !== elementCount
      ? [
          parameterProblem(
            `incar.${tag}`,
            `${tag} has ${list.length} numbers for ${elementCount} elements`,
            'give it by element, { "Fe": 4 }',
            list,
          ),
        ]
      : []
  })
}

function smearingProblems({ incar, kPointCount }: Facts): readonly InputProblem[] {
  const ismear = numberOf(incar, 'ISMEAR') ?? 1
  const sigma = numberOf(incar, 'SIGMA')
  if (ismear <= -4 && kPointCount < 4)
    return [
      parameterProblem(
        'incar.ISMEAR',
        `the tetrahedron method needs at least 4 k points, and there are ${kPointCount}`,
        'use gaussian smearing, or a finer mesh',
        ismear,
      ),
    ]
  return ismear >= -1 && sigma !== undefined && sigma <= 0
    ? [parameterProblem('incar.SIGMA', 'a smearing needs a width above zero', 'write 0.05', sigma)]
    : []
}

function parallelProblems({ incar, ranks }: Facts): readonly InputProblem[] {
  const kpar = numberOf(incar, 'KPAR') ?? 1
  const uneven = ranks % kpar !== 0
  const both = incar.has('NCORE') && incar.has('NPAR')
  return [
    ...(uneven
      ? [
          parameterProblem(
            'incar.KPAR',
            `${ranks} ranks cannot be shared out equally among KPAR = ${kpar} groups`,
            'choose a divisor of resources.ranks',
            kpar,
          ),
        ]
      : []),
    ...(both
      ? [parameterProblem('incar.NPAR', 'NCORE and NPAR say the same thing twice', 'leave NPAR out', incar.get('NPAR'))]
      : []),
  ]
}

/** IBRION by kind of calculation. */
const MOVES: Readonly<Record<string, readonly number[]>> = {
  static: [-1],
  relax: [1, 2, 3],
  'vc-relax': [1, 2, 3],
  md: [0],
  phonons: [5, 6, 7, 8],
}

function dynamicsProblems({ incar, calculation }: Facts): readonly InputProblem[] {
  const ibrion = numberOf(incar, 'IBRION')
  const allowed = MOVES[calculation] ?? []
  if (ibrion !== undefined && !allowed.includes(ibrion))
    return [
      parameterProblem(
        'incar.IBRION',
        `IBRION = ${ibrion} is no "${calculation}", which is ${allowed.join(', ')}`,
        'set parameters.calculation to what you mean',
        ibrion,
      ),
    ]
  if (calculation !== 'md') return []
  const missing = ['NSW', 'POTIM', 'TEBEG'].filter((tag) => !incar.has(tag))
  return missing.length === 0
    ? []
    : [
        parameterProblem(
          'incar',
          `molecular dynamics needs ${missing.join(', ')}`,
          'set the number of steps (NSW), the time step in fs (POTIM) and the temperature in K (TEBEG)',
        ),
      ]
}
