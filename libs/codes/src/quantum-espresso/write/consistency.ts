import type { InputProblem } from '@crystalmath/contract'
import { parameterProblem } from '../../writing/problems.ts'
import { type Entries, type Namelists, numberIn } from './namelists.ts'
import type { Calculation } from './settings.ts'

export type Facts = {
  readonly calculation: Calculation
  /** What the user wrote. */
  readonly user: Namelists
  /** What will be written. */
  readonly system: Entries
  /** Valence electrons; null where unknown. */
  readonly electrons: number | null
  /** k points before symmetry takes some away. */
  readonly kPointCount: number
  readonly pools: number | undefined
  /** Namelists that the request itself has, where no other run of the job may want them: a remedy may set what a run does not read. */
  readonly asked: readonly string[]
}

/** Keywords that pw.x would take without a word and then not use, or that cannot be fulfilled together. */
export const consistencyProblems = (facts: Facts): readonly InputProblem[] => [
  ...idleNamelists(facts),
  ...idleKeywords(facts),
  ...momentProblems(facts),
  ...poolProblems(facts),
]

function idleNamelists({ calculation, asked }: Facts): readonly InputProblem[] {
  const idle = [
    ...(/relax|md/.test(calculation) ? [] : (['ions'] as const)),
    ...(calculation.startsWith('vc-') ? [] : (['cell'] as const)),
  ].filter((name) => asked.includes(name))
  return idle.map((name) =>
    parameterProblem(
      name,
      `pw.x does not read the namelist "${name}" in a calculation of kind ${calculation}`,
      name === 'cell' ? 'write calculation "vc-relax", or leave cell out' : 'write calculation "relax", or leave ions out',
    ),
  )
}

function idleKeywords({ user, system }: Facts): readonly InputProblem[] {
  const given = [...user.system.keys()]
  const idle = (name: string, message: string, mend: string) => [
    parameterProblem(`system.${name}`, message, mend, user.system.get(name)),
  ]
  const moment = given.find((name) => name.startsWith('starting_magnetization('))
  const hubbard = given.find((name) => /^hubbard_(u|v|j0?)\(/.test(name))
  const isMagnetic = (numberIn(system, 'nspin') ?? 1) !== 1 || system.get('noncolin') === true
  const isFixed = system.get('occupations') === 'fixed'
  const width = ['degauss', 'smearing'].find((name) => user.system.has(name))
  return [
    ...(moment !== undefined && !isMagnetic
      ? idle(moment, `${moment} has no effect without spins`, 'set system.nspin to 2, or system.noncolin')
      : []),
    ...(hubbard !== undefined && system.get('lda_plus_u') !== true
      ? idle(hubbard, `${hubbard} has no effect without lda_plus_u`, 'set system.lda_plus_u; from pw.x 7.1 on use cards: HUBBARD')
      : []),
    ...(isFixed && width !== undefined
      ? idle(width, `${width} has no effect with fixed occupations`, 'use occupations "smearing", or leave it out')
      : []),
    ...(user.control.get('dipfield') === true && user.control.get('tefield') !== true
      ? [parameterProblem('control.dipfield', 'the dipole correction needs tefield', 'set control.tefield to true', true)]
      : []),
    ...(system.has('tot_magnetization') && numberIn(system, 'nspin') !== 2
      ? idle('tot_magnetization', 'a total magnetization needs collinear spins', 'set system.nspin to 2')
      : []),
  ]
}

function momentProblems({ system, electrons }: Facts): readonly InputProblem[] {
  const total = numberIn(system, 'tot_magnetization')
  if (total === undefined || total === -10_000 || electrons === null) return []
  const bad = (message: string, mend: string) => [parameterProblem('system.tot_magnetization', message, mend, total)]
  if (Math.abs(total) > electrons)
    return bad(`${electrons} electrons cannot have a magnetization of ${total}`, `write at most ${electrons}`)
  const isWhole = Math.abs((electrons - total) / 2 - Math.round((electrons - total) / 2)) < 1e-6
  return system.get('occupations') === 'fixed' && !isWhole
    ? bad(
        `${electrons} electrons in whole orbitals cannot have a magnetization of ${total}`,
        `write ${electrons % 2 === 0 ? 'an even' : 'an odd'} number, or use a smearing`,
      )
    : []
}

function poolProblems({ pools, kPointCount, system }: Facts): readonly InputProblem[] {
  const most = numberIn(system, 'nspin') === 2 ? 2 * kPointCount : kPointCount
  return pools !== undefined && pools > most
    ? [
        parameterProblem(
          'pools',
          `${pools} pools are more than the ${most} k points: some would have nothing to do, and pw.x stops`,
          `write at most ${most}, and fewer where symmetry takes points away`,
          pools,
        ),
      ]
    : []
}
