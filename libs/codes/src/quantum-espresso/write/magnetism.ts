import type { InputProblem, PseudopotentialFile } from '@crystalmath/contract'
import { parameterProblem } from '../../writing/problems.ts'
import type { Kind } from './kinds.ts'
import { type Entries, type Namelists, numberIn } from './namelists.ts'

export type Magnetism = { readonly entries: Entries; readonly problems: readonly InputProblem[] }

/** `nspin` and starting magnetizations from the structure's initial moments. pw.x counts them as parts of the valence charge, from -1 to 1. */
export function magnetismOf(kinds: readonly Kind[], user: Namelists, files: ReadonlyMap<string, PseudopotentialFile>): Magnetism {
  if (!kinds.some(({ momentBohr }) => momentBohr !== null && momentBohr !== 0)) return { entries: new Map(), problems: [] }
  const isNoncollinear = user.system.get('noncolin') === true
  if (user.system.get('nspin') === 1)
    return {
      entries: new Map(),
      problems: [
        parameterProblem(
          'system.nspin',
          'nspin = 1 contradicts the initial moments of the structure',
          'leave nspin out, or the moments',
          1,
        ),
      ],
    }
  const entries = new Map<string, number>(isNoncollinear ? [] : [['nspin', 2]])
  const problems: InputProblem[] = []
  for (const [index, { name, element, momentBohr }] of kinds.entries()) {
    const valence = files.get(element)?.valenceElectrons ?? null
    const moment = momentBohr ?? 0
    if (valence === null || Math.abs(moment) > valence) problems.push(momentProblem(name, moment, valence))
    else entries.set(`starting_magnetization(${index + 1})`, Number((moment / valence).toPrecision(10)))
  }
  return { entries, problems }
}

const momentProblem = (name: string, moment: number, valence: number | null): InputProblem => ({
  path: 'structure.initialMomentsBohr',
  value: String(moment),
  message:
    valence === null
      ? `the initial moment of ${name} cannot be given to pw.x: its pseudopotential does not say how many valence electrons it has`
      : `an initial moment of ${moment} Bohr magnetons on ${name} needs more than its ${valence} valence electrons`,
  mend: valence === null ? 'choose another pseudopotential, or set system.starting_magnetization' : 'write a smaller moment',
})

/** Fixed moments and spin flags that exclude each other, or leave pw.x without a way to break the symmetry of the spins. */
export function spinProblems(system: Entries, files: ReadonlyMap<string, PseudopotentialFile>): readonly InputProblem[] {
  const problems: InputProblem[] = []
  const nspin = numberIn(system, 'nspin') ?? 1
  const isNoncollinear = system.get('noncolin') === true
  if (nspin === 3) problems.push(parameterProblem('system.nspin', 'nspin must be 1, 2 or 4', 'write 2 for collinear spins', 3))
  if (nspin === 2 && isNoncollinear)
    problems.push(parameterProblem('system.nspin', 'nspin = 2 (collinear) and noncolin exclude each other', 'leave nspin out', 2))
  if (system.get('lspinorb') === true && !isNoncollinear)
    problems.push(
      parameterProblem('system.lspinorb', 'spin-orbit coupling needs noncollinear spins', 'set system.noncolin to true', true),
    )
  if (system.get('lspinorb') === true && ![...files.values()].some(({ relativistic }) => relativistic === 'full'))
    problems.push(
      parameterProblem(
        'system.lspinorb',
        'spin-orbit coupling needs at least one fully relativistic pseudopotential, and none is',
        'choose files with "rel" in their names',
        true,
      ),
    )
  const breaks = [...system.keys()].some((name) => name.startsWith('starting_magnetization(')) || system.has('tot_magnetization')
  if (nspin === 2 && !isNoncollinear && !breaks)
    problems.push(
      parameterProblem(
        'system.nspin',
        'nspin = 2 needs a start that tells up from down',
        'give the structure initialMomentsBohr, or set system.starting_magnetization or system.tot_magnetization',
        2,
      ),
    )
  for (const [name, value] of system)
    if (name.startsWith('starting_magnetization(') && typeof value === 'number' && Math.abs(value) > 1)
      problems.push(
        parameterProblem(
          `system.${name}`,
          `${name} must lie between -1 and 1: it is a part of the valence charge`,
          'divide the moment by the number of valence electrons',
          value,
        ),
      )
  return problems
}
