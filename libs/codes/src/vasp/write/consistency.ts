import type { InputProblem } from '@crystalmath/contract'
import { parameterProblem } from '../../writing/problems.ts'
import type { Flavour } from '../command.ts'
import type { Incar } from './incar.ts'

export type Consistency = {
  /** What the user wrote. */
  readonly user: Incar
  /** What will be written. */
  readonly incar: Incar
  readonly calculation: string
  readonly executable: Flavour | undefined
  readonly kPointCount: number
  readonly ranks: number
  readonly electrons: number | null
}

type Bad = (tag: string, message: string, mend: string) => InputProblem

/** Tags that VASP would take without a word and then not use, or that it stops at once the job has waited in the queue. */
export function consistencyProblems(facts: Consistency): readonly InputProblem[] {
  const bad: Bad = (tag, message, mend) => parameterProblem(`incar.${tag}`, message, mend, facts.user.get(tag))
  return [
    ...idle(facts, bad),
    ...ionicProblems(facts, bad),
    ...functionalProblems(facts, bad),
    ...electronProblems(facts, bad),
    ...binaryProblems(facts),
    ...groupProblems(facts, bad),
  ]
}

/** Tags of one kind that do nothing without another. */
function idle({ user, incar }: Consistency, bad: Bad): readonly InputProblem[] {
  const isNoncollinear = incar.get('LNONCOLLINEAR') === true || incar.get('LSORBIT') === true
  const hubbard = ['LDAUU', 'LDAUJ', 'LDAUL', 'LDAUTYPE'].find((tag) => user.has(tag))
  return [
    ...(user.has('MAGMOM') && !isNoncollinear && incar.get('ISPIN') !== 2
      ? [bad('MAGMOM', 'MAGMOM has no effect without ISPIN = 2', 'set incar.ISPIN to 2')]
      : []),
    ...(hubbard !== undefined && incar.get('LDAU') !== true
      ? [bad(hubbard, `${hubbard} has no effect without LDAU`, 'set incar.LDAU to true')]
      : []),
    ...(incar.get('LDAU') === true && !(incar.has('LDAUU') && incar.has('LDAUL'))
      ? [bad('LDAU', 'LDAU needs LDAUL and LDAUU', 'give them by element, { "Fe": 4 }')]
      : []),
    ...(incar.get('LDIPOL') === true && !incar.has('IDIPOL')
      ? [bad('LDIPOL', 'LDIPOL needs IDIPOL, the direction', 'set incar.IDIPOL to 1, 2, 3 or 4')]
      : []),
    ...(user.has('HFSCREEN') && incar.get('LHFCALC') !== true
      ? [bad('HFSCREEN', 'HFSCREEN has no effect without LHFCALC', 'set parameters.functional to HSE06')]
      : []),
  ]
}

function ionicProblems({ user, calculation }: Consistency, bad: Bad): readonly InputProblem[] {
  const isif = user.get('ISIF')
  const nsw = user.get('NSW')
  const tags: InputProblem[] = []
  if (calculation === 'static' && typeof nsw === 'number' && nsw > 0)
    tags.push(bad('NSW', `a static calculation takes no ${nsw} ionic steps`, 'set parameters.calculation to "relax" or "md"'))
  if (calculation === 'relax' && typeof isif === 'number' && isif >= 3)
    tags.push(bad('ISIF', `ISIF = ${isif} changes the cell, which "relax" keeps`, 'set parameters.calculation to "vc-relax"'))
  if (calculation === 'vc-relax' && typeof isif === 'number' && isif < 3)
    tags.push(bad('ISIF', `ISIF = ${isif} keeps the cell, which "vc-relax" changes`, 'set parameters.calculation to "relax"'))
  if ((calculation === 'relax' || calculation === 'vc-relax') && nsw === 0)
    tags.push(bad('NSW', 'a relaxation needs ionic steps', 'write the largest number of steps, 100 for example'))
  return tags
}

function functionalProblems({ user, incar }: Consistency, bad: Bad): readonly InputProblem[] {
  const algo = String(incar.get('ALGO') ?? '')
  const isHybrid = incar.get('LHFCALC') === true
  return [
    ...(isHybrid && /^(Fast|VeryFast|F|V)$/i.test(algo)
      ? [bad('ALGO', `ALGO = ${algo} does not work with exact exchange`, 'write "Damped", "All" or "Normal"')]
      : []),
    ...(user.has('METAGGA') && user.has('GGA')
      ? [bad('GGA', 'GGA and METAGGA name two functionals', 'leave one of them out')]
      : []),
    ...(user.has('METAGGA') && isHybrid && incar.get('METAGGA') !== 'NONE' && incar.has('HFSCREEN')
      ? [bad('METAGGA', 'a meta-GGA and a screened hybrid of a GGA name two functionals', 'leave one of them out')]
      : []),
  ]
}

function electronProblems({ user, electrons }: Consistency, bad: Bad): readonly InputProblem[] {
  const [least, most] = [user.get('NELMIN'), user.get('NELM')]
  const moment = user.get('NUPDOWN')
  const count = user.get('NELECT') ?? electrons
  return [
    ...(typeof least === 'number' && typeof most === 'number' && least > most
      ? [bad('NELMIN', `NELMIN = ${least} is more than NELM = ${most}`, 'write fewer steps')]
      : []),
    ...(typeof moment === 'number' && typeof count === 'number' && Math.abs(moment) > count
      ? [bad('NUPDOWN', `${count} electrons cannot have ${moment} unpaired ones`, `write at most ${count}`)]
      : []),
  ]
}

function binaryProblems({ incar, executable, kPointCount }: Consistency): readonly InputProblem[] {
  const isNoncollinear = incar.get('LNONCOLLINEAR') === true || incar.get('LSORBIT') === true
  const wrong = (message: string, mend: string) => [parameterProblem('executable', message, mend, executable)]
  if (isNoncollinear && executable !== undefined && executable !== 'noncollinear')
    return wrong(`the ${executable} build refuses noncollinear spins`, 'leave executable out, or write "noncollinear"')
  return executable === 'gamma' && kPointCount > 1
    ? wrong(`the gamma build computes one k point, and there are ${kPointCount}`, 'write kMesh [1, 1, 1], or "standard"')
    : []
}

function groupProblems({ user, incar, kPointCount, ranks }: Consistency, bad: Bad): readonly InputProblem[] {
  const kpar = Number(incar.get('KPAR') ?? 1)
  const ncore = user.get('NCORE')
  return [
    ...(user.has('KPAR') && kpar > kPointCount
      ? [bad('KPAR', `KPAR = ${kpar} is more than the ${kPointCount} k points`, `write at most ${kPointCount}`)]
      : []),
    ...(typeof ncore === 'number' && ranks % kpar === 0 && (ranks / kpar) % ncore !== 0
      ? [bad('NCORE', `NCORE = ${ncore} does not divide the ${ranks / kpar} ranks of a k point`, 'choose a divisor')]
      : []),
  ]
}
