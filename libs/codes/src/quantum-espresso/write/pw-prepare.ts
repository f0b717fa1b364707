import type { InputProblem, Preparation, PseudopotentialFile } from '@crystalmath/contract'
import type { LatticeStructure } from '@crystalmath/structures'
import type { Prepared, Task } from '../../code-writes.ts'
import { isRecord, parameterProblem } from '../../writing/problems.ts'
import { keptFiles, PREFIX, PSEUDO_FOLDER, runOf, STOP_FILE } from '../command.ts'
import { choosePseudopotentials, functionalProblem, readUpfHeader } from '../pseudopotentials.ts'
import { fixedWarnings, inCell } from './cell.ts'
import { cutoffsOf } from './cutoffs.ts'
import { defaultNamelists } from './defaults.ts'
import { electronCount, electronProblems, smearingProblems } from './electrons.ts'
import { kPointLines } from './k-points.ts'
import { type Kinds, kindsOf } from './kinds.ts'
import { magnetismOf, spinProblems } from './magnetism.ts'
import { mergedNamelists, type Namelists, type Scalar, userNamelists } from './namelists.ts'
import { renderPwInput } from './pw-input.ts'
import { type Calculation, type PwSettings, settingsOf } from './settings.ts'

/** Everything that the inputs of pw.x rest on, checked. */
type Basis = {
  readonly task: Task
  readonly settings: PwSettings
  readonly structure: LatticeStructure
  readonly kinds: Kinds
  readonly user: Namelists
  readonly files: ReadonlyMap<string, PseudopotentialFile>
}

const refused = (...problems: readonly InputProblem[]): Prepared => ({ ok: false, problems })

/** Renders a job for pw.x, or says all that is wrong with it. Bands and nscf are two runs: the density first. */
export function preparePw(task: Task): Prepared {
  const { settings, problems } = settingsOf(task.parameters)
  if (settings === null) return refused(...problems)
  const cell = inCell(task.restart?.structure ?? task.structure, settings.vacuumAngstrom)
  if ('problem' in cell) return refused(cell.problem)
  const kinds = kindsOf(cell.structure)
  if ('problem' in kinds) return refused(kinds.problem)
  const user = userNamelists(task.parameters, kinds.kinds)
  const chosen = choosePseudopotentials({
    ...sourcesOf(task),
    elements: [...new Set(cell.structure.species)],
    byElement: settings.pseudopotentials,
    family: settings.pseudopotentialFamily ?? null,
  })
  const early = [
    ...user.problems,
    ...chosen.problems,
    ...mixtureProblems(chosen.files, user.namelists),
    ...runProblems(task, settings),
    ...folderProblems(task, chosen.files),
  ]
  if (early.length > 0) return refused(...early)
  return rendered({ task, settings, structure: cell.structure, kinds, user: user.namelists, files: chosen.files })
}

/** Pseudopotentials on the cluster, and those that the user sends along as `pseudo/NAME`. */
function sourcesOf({ inventory, request, clusterCode }: Task): {
  readonly available: readonly PseudopotentialFile[] | null
  readonly folder: string | null
} {
  const found = inventory.pseudopotentials['quantum-espresso']
  const sent = request.extraFiles.flatMap(({ path, text }) => {
    const header = path.startsWith(`${PSEUDO_FOLDER}/`) ? readUpfHeader(text) : null
    return header === null ? [] : [{ ...header, fileName: path.slice(PSEUDO_FOLDER.length + 1), md5: '' }]
  })
  const names = new Set(sent.map(({ fileName }) => fileName))
  const available =
    found === undefined && sent.length === 0 ? null : [...sent, ...(found ?? []).filter(({ fileName }) => !names.has(fileName))]
  return { available, folder: clusterCode.pseudopotentialFolder ?? null }
}

function mixtureProblems(files: ReadonlyMap<string, PseudopotentialFile>, user: Namelists): readonly InputProblem[] {
  const problem = user.system.has('input_dft') ? null : functionalProblem(files)
  return problem === null ? [] : [problem]
}

function folderProblems(
  { request, clusterCode }: Task,
  files: ReadonlyMap<string, PseudopotentialFile>,
): readonly InputProblem[] {
  const sent = new Set(request.extraFiles.map(({ path }) => path))
  const isMissing =
    clusterCode.pseudopotentialFolder === undefined &&
    [...files.values()].some(({ fileName }) => !sent.has(`${PSEUDO_FOLDER}/${fileName}`))
  return isMissing
    ? [
        {
          path: 'cluster',
          value: request.cluster,
          message: `cluster ${request.cluster} does not say where its pseudopotentials lie`,
          mend: 'register codes.quantum-espresso.pseudopotentialFolder',
        },
      ]
    : []
}

function runProblems({ resources }: Task, { pools, calculation, kPoints }: PwSettings): readonly InputProblem[] {
  const { ranks } = resources
  return [
    ...(pools !== undefined && ranks % pools !== 0
      ? [
          parameterProblem(
            'pools',
            `${ranks} ranks cannot be shared out equally among ${pools} pools`,
            'choose a divisor of resources.ranks',
            pools,
          ),
        ]
      : []),
    ...(calculation === 'bands' && kPoints === undefined
      ? [parameterProblem('kPoints', 'bands need a list of k points along which they are computed', 'set parameters.kPoints')]
      : []),
  ]
}

function rendered(basis: Basis): Prepared {
  const { task, settings, structure } = basis
  const cutoffs = cutoffsOf(settings, basis.user, [...basis.files.values()])
  const runs = runsOf(settings).map((run) => ({ ...run, ...inputOf(basis, run, cutoffs) }))
  const problems = [
    ...cutoffs.problems,
    ...runs.flatMap((run) => run.problems),
    ...extraFileProblems(
      task,
      runs.map(({ name }) => `${name}.in`),
    ),
  ]
  if (problems.length > 0) return refused(...unique(problems))
  const preparation: Preparation = {
    files: [...runs.map(({ name, text }) => ({ path: `${name}.in`, text })), ...task.request.extraFiles],
    clusterFiles: clusterFilesOf(basis),
    steps: runs.map(({ name }) => runOf('pw.x', name, settings.pools)),
    stopFile: STOP_FILE,
    keep: keptFiles(settings.keepCharge),
    parse: '.',
    warnings: [...new Set([...cutoffs.warnings, ...fixedWarnings(structure)])],
  }
  return { ok: true, preparation }
}

const unique = (problems: readonly InputProblem[]): readonly InputProblem[] => [
  ...new Map(problems.map((one) => [`${one.path} ${one.message}`, one])).values(),
]

type Run = { readonly name: string; readonly calculation: Calculation; readonly settings: PwSettings }

/** Bands and nscf begin from a density of this same job: its mesh is the preset's (for bands, the given one). */
function runsOf(settings: PwSettings): readonly Run[] {
  const { calculation, kPoints, kMesh, kShift, kSpacingPerAngstrom, ...rest } = settings
  if (calculation !== 'nscf' && calculation !== 'bands') return [{ name: 'pw', calculation, settings }]
  const mesh =
    calculation === 'bands'
      ? { ...(kMesh && { kMesh }), ...(kShift && { kShift }), ...(kSpacingPerAngstrom && { kSpacingPerAngstrom }) }
      : {}
  const onPath = calculation === 'bands' ? { ...(kPoints && { kPoints }) } : undefined
  return [
    { name: 'scf', calculation: 'scf', settings: { ...rest, ...mesh, calculation: 'scf' } },
    { name: calculation, calculation, settings: onPath === undefined ? settings : { ...rest, ...onPath, calculation } },
  ]
}

function inputOf(
  basis: Basis,
  { calculation, settings }: Run,
  cutoffs: { readonly wavefunction: number | null; readonly density: number | null },
) {
  const { task, structure, kinds, user, files } = basis
  const magnetism = magnetismOf(kinds.kinds, user, files)
  const electrons = electronCount(kinds, files, user.system)
  const isMagnetic = magnetism.entries.size > 0 || (user.system.get('nspin') ?? 1) !== 1
  const defaults = defaultNamelists({
    name: task.request.name,
    walltimeSeconds: task.resources.walltimeSeconds,
    settings,
    calculation,
    structure,
    kindCount: kinds.kinds.length,
    electrons,
    isMagnetic,
    user,
  })
  const cutoff = new Map<string, Scalar>([
    ...(cutoffs.wavefunction === null ? [] : [['ecutwfc', cutoffs.wavefunction] as const]),
    ...(cutoffs.density === null ? [] : [['ecutrho', cutoffs.density] as const]),
  ])
  const namelists = mergedNamelists(defaults, { system: magnetism.entries }, { system: cutoff }, user, restartNamelists(task))
  const kLines = kPointLines(settings, structure)
  const problems = [
    ...magnetism.problems,
    ...spinProblems(namelists.system, files),
    ...smearingProblems(namelists.system, kLines[0] ?? ''),
    ...(electrons === null ? [] : electronProblems(electrons, namelists.system)),
  ]
  return {
    text: renderPwInput({ calculation, namelists, structure, kinds, files, kPointLines: kLines, cards: settings.cards }),
    problems,
  }
}

/** What a restart plan sets, `control.restart_mode` and the like. */
function restartNamelists({ restart }: Task): Partial<Namelists> {
  const pick = (name: string) =>
    new Map(
      Object.entries(restart?.set ?? {}).flatMap(([path, value]) =>
        path.startsWith(`${name}.`) && !isRecord(value) ? [[path.slice(name.length + 1), value as Scalar] as const] : [],
      ),
    )
  return { control: pick('control'), electrons: pick('electrons'), ions: pick('ions') }
}

function clusterFilesOf({ task, files }: Basis): Preparation['clusterFiles'] {
  const sent = new Set(task.request.extraFiles.map(({ path }) => path))
  return [...new Set(files.values())].flatMap(({ fileName, md5 }) => {
    const to = `${PSEUDO_FOLDER}/${fileName}`
    return sent.has(to) ? [] : [{ from: `${task.clusterCode.pseudopotentialFolder ?? ''}/${fileName}`, to, md5: md5 || null }]
  })
}

/** Files of the user's own must not take the place of ours. */
function extraFileProblems({ request }: Task, ours: readonly string[]): readonly InputProblem[] {
  return request.extraFiles.flatMap(({ path }, index) =>
    ours.includes(path) || path.startsWith('out/') || path === `${PREFIX}.EXIT`
      ? [
          {
            path: `extraFiles[${index}].path`,
            value: path,
            message: `"${path}" is a name that the platform uses itself`,
            mend: 'choose another name',
          },
        ]
      : [],
  )
}
