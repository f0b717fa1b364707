import type { Demand, InputProblem, PseudopotentialFile, Resources } from '@crystalmath/contract'
import type { LatticeStructure } from '@crystalmath/structures'
import type { Task } from '../../code-writes.ts'
import { automaticPoints, pathLine } from '../../writing/automatic-path.ts'
import { defined, parameterProblem } from '../../writing/problems.ts'
import { beginningOf } from '../../writing/restart-mode.ts'
import { choosePseudopotentials, functionalProblem } from '../pseudopotentials.ts'
import { pwDemand } from '../resources.ts'
import { fixedWarnings, inCell } from './cell.ts'
import { consistencyProblems } from './consistency.ts'
import { type Cutoffs, cutoffsOf } from './cutoffs.ts'
import { defaultNamelists } from './defaults.ts'
import { electronCount, electronProblems, smearingProblems } from './electrons.ts'
import { countIn, kPointLines } from './k-points.ts'
import { type Kinds, kindsOf } from './kinds.ts'
import { magnetismOf, spinProblems } from './magnetism.ts'
import { mergedNamelists, type Namelists, type Scalar, userNamelists } from './namelists.ts'
import { planOf } from './plan.ts'
import { renderPwInput } from './pw-input.ts'
import { type PwSettings, settingsOf } from './settings.ts'
import { folderProblems, sourcesOf } from './sources.ts'

/** One input of pw.x with what it needs, or what is wrong with it. */
export type PwRun =
  | {
      readonly ok: true
      readonly text: string
      readonly settings: PwSettings
      readonly files: ReadonlyMap<string, PseudopotentialFile>
      /** Null where too little is known. */
      readonly demand: Demand | null
      readonly warnings: readonly string[]
    }
  | { readonly ok: false; readonly problems: readonly InputProblem[] }

/** Everything that an input of pw.x rests on, checked. */
type Basis = {
  readonly task: Task
  readonly settings: PwSettings
  readonly structure: LatticeStructure
  readonly kinds: Kinds
  readonly user: Namelists
  readonly files: ReadonlyMap<string, PseudopotentialFile>
}

const refused = (...problems: readonly InputProblem[]): PwRun => ({ ok: false, problems })

/** Renders one run of pw.x from its own parameters (a step's merged with the job's). */
export function pwRun(task: Task, parameters: Readonly<Record<string, unknown>>): PwRun {
  const { settings, problems } = settingsOf(parameters)
  if (settings === null) return refused(...problems)
  const cell = inCell(task.restart?.structure ?? task.structure, settings.vacuumAngstrom)
  if ('problem' in cell) return refused(cell.problem)
  const kinds = kindsOf(cell.structure)
  if ('problem' in kinds) return refused(kinds.problem)
  const user = userNamelists(parameters, kinds.kinds)
  const chosen = choosePseudopotentials({
    ...sourcesOf(task),
    elements: [...new Set(cell.structure.species)],
    byElement: settings.pseudopotentials,
    family: settings.pseudopotentialFamily ?? null,
  })
  const mixture = user.namelists.system.has('input_dft') ? null : functionalProblem(chosen.files)
  const early = [
    ...user.problems,
    ...chosen.problems,
    ...(mixture === null ? [] : [mixture]),
    ...runProblems(task, settings),
    ...folderProblems(task, chosen.files),
  ]
  if (early.length > 0) return refused(...early)
  return rendered({ task, settings, structure: cell.structure, kinds, user: user.namelists, files: chosen.files })
}

function runProblems({ resources }: Task, { pools, calculation, kPoints, kPath }: PwSettings): readonly InputProblem[] {
  const { ranks } = resources
  const uneven = pools !== undefined && ranks % pools !== 0
  return [
    ...(uneven
      ? [
          parameterProblem(
            'pools',
            `${ranks} ranks cannot be shared out equally among ${pools} pools`,
            'choose a divisor of resources.ranks',
            pools,
          ),
        ]
      : []),
    ...(calculation === 'bands' && kPoints === undefined && kPath === undefined
      ? [
          parameterProblem(
            'kPoints',
            'bands need a list of k points along which they are computed',
            'set parameters.kPath to "auto", or parameters.kPoints',
          ),
        ]
      : []),
    ...(calculation !== 'bands' && kPath !== undefined
      ? [parameterProblem('kPath', `${calculation} runs along no path`, 'write calculation "bands", or leave kPath out', kPath)]
      : []),
  ]
}

function rendered(basis: Basis): PwRun {
  const { task, settings, structure, kinds, user, files } = basis
  const { calculation, cards } = settings
  const cutoffs = cutoffsOf(settings, user, [...files.values()])
  const magnetism = magnetismOf(kinds.kinds, user, files)
  const electrons = electronCount(kinds, files, user.system)
  const isMagnetic = magnetism.entries.size > 0 || (user.system.get('nspin') ?? 1) !== 1
  const { name } = task.request
  const { walltimeSeconds } = task.resources
  const defaults = defaultNamelists({
    name,
    walltimeSeconds,
    settings,
    calculation,
    structure,
    kindCount: kinds.kinds.length,
    electrons,
    isMagnetic,
    user,
  })
  const namelists = mergedNamelists(
    defaults,
    { system: magnetism.entries },
    { system: cutoffEntries(cutoffs) },
    user,
    BEGINNINGS[beginningOf(task).mode ?? ''] ?? {},
  )
  const isNoncollinear = namelists.system.get('noncolin') === true
  const along =
    settings.kPath === undefined
      ? null
      : automaticPoints(structure, settings.kPathSpacingPerAngstrom, !(isNoncollinear && isMagnetic))
  if (along !== null && 'problem' in along) return refused(along.problem)
  const kLines =
    along === null
      ? kPointLines(settings, structure)
      : ['K_POINTS crystal', String(along.points.length), ...along.points.map(pathLine)]
  const problems = [
    ...cutoffs.problems,
    ...magnetism.problems,
    ...spinProblems(namelists.system, files),
    ...smearingProblems(namelists.system, kLines[0] ?? ''),
    ...(electrons === null ? [] : electronProblems(electrons, namelists.system)),
    ...consistencyProblems({
      calculation,
      user,
      system: namelists.system,
      electrons,
      kPointCount: countIn(kLines),
      pools: settings.pools,
      asked: planOf(task.request.parameters).runs.length > 1 ? [] : Object.keys(defined(task.request.parameters)),
    }),
  ]
  if (problems.length > 0) return refused(...problems)
  const text = renderPwInput({ calculation, namelists, structure, kinds, files, kPointLines: kLines, cards })
  const augmentedKinds = [...files.values()].filter(({ kind }) => kind === 'US' || kind === 'PAW').length
  const demand = pwDemand({
    augmentedKinds,
    calculation,
    system: namelists.system,
    control: namelists.control,
    structure,
    electrons,
    kPointCount: countIn(kLines),
    isMesh: kLines[0] === 'K_POINTS automatic',
  })
  return {
    ok: true,
    text,
    settings,
    files,
    demand,
    warnings: [...cutoffs.warnings, ...fixedWarnings(structure), ...shortOf(demand, task.resources, settings.pools)],
  }
}

/** Who asks for less than half of it is told. */
function shortOf(demand: Demand | null, { memoryMebibytes, nodes, ranks }: Resources, pools = 1): readonly string[] {
  const needed = demand === null ? 0 : Math.ceil(demand.sharedMebibytes + pools * demand.mebibytesPerGroup + 10 * ranks)
  return memoryMebibytes === undefined || memoryMebibytes * nodes >= needed / 2
    ? []
    : [`about ${needed} MiB will be needed, and resources.memoryMebibytes asks for ${memoryMebibytes} on each of ${nodes} nodes`]
}

const cutoffEntries = ({ wavefunction, density }: Cutoffs): ReadonlyMap<string, Scalar> =>
  new Map([
    ...(wavefunction === null ? [] : [['ecutwfc', wavefunction] as const]),
    ...(density === null ? [] : [['ecutrho', density] as const]),
  ])

/** What the ways to begin mean to pw.x. */
const BEGINNINGS: Readonly<Record<string, Partial<Namelists>>> = {
  checkpoint: { control: new Map([['restart_mode', 'restart']]) },
  density: { electrons: new Map([['startingpot', 'file']]) },
}
