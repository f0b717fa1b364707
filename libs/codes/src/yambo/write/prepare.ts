import type { InputProblem, Preparation, PseudopotentialFile } from '@crystalmath/contract'
import { volumeAngstrom3 } from '@crystalmath/structures'
import type { CodeWrites, Prepared, Task } from '../../code-writes.ts'
import { planeWavesBelow } from '../../estimating/plane-waves.ts'
import { parameterProblem } from '../../writing/problems.ts'
import { beginningOf } from '../../writing/restart-mode.ts'
import { INPUT, KEPT, SETUP_INPUT, yamboSteps } from '../command.ts'
import { yamboDemand } from '../resources.ts'
import { renderYambo } from './input.ts'
import { settingsOf, type YamboSettings } from './settings.ts'

/** The code whose states YAMBO takes: it is handed over, because no code imports another one. */
export type Upstream = {
  readonly writes: CodeWrites
  /** Where its runs leave their states. */
  readonly saveFolder: string
  /** Reads what a pseudopotential that was sent along says of itself. */
  readonly readHead: (text: string) => Pick<PseudopotentialFile, 'element' | 'kind'> | null
}

/** Renders pw.x (density, then states), p2y and yambo as one job, or says all that is wrong with it. */
export function prepareYambo(task: Task, upstream: Upstream): Prepared {
  const beginning = beginningOf(task)
  const { settings, problems } = settingsOf(beginning.parameters)
  if (settings === null || beginning.problems.length > 0) return { ok: false, problems: [...beginning.problems, ...problems] }
  const states = upstream.writes.prepare(statesTask(task, settings))
  const early = [...reservedProblems(settings), ...nameProblems(task)]
  if (!states.ok) return { ok: false, problems: [...early, ...states.problems.map(belowPw)] }
  const found = [...early, ...normConserving(task, states.preparation, upstream)]
  if (found.length > 0) return { ok: false, problems: found }
  const isSetupAlone = settings.calculation === 'setup'
  const { files, clusterFiles, steps, warnings, demand: ofStates } = states.preparation
  const { latticeAngstrom = null } = task.structure ?? {}
  const demand =
    latticeAngstrom === null
      ? null
      : yamboDemand(settings, ofStates, (cutoff) => Math.ceil(planeWavesBelow(cutoff, volumeAngstrom3(latticeAngstrom))))
  return {
    ok: true,
    preparation: {
      files: [
        ...files,
        { path: SETUP_INPUT, text: renderYambo({ ...settings, calculation: 'setup' }) },
        ...(isSetupAlone ? [] : [{ path: INPUT, text: renderYambo(settings) }]),
      ],
      clusterFiles,
      steps: [...steps, ...yamboSteps(upstream.saveFolder, isSetupAlone)],
      stopFile: null,
      keep: KEPT,
      parse: '.',
      ...(demand === null ? {} : { demand }),
      warnings,
    },
  }
}

/** Two runs on the same files; symmetries without fractional translations, which YAMBO does not know. */
function statesTask(task: Task, { pw, bandCount }: YamboSettings): Task {
  const { system, ...rest } = pw
  const own = typeof system === 'object' && system !== null ? system : {}
  const { kMesh, kShift, kSpacingPerAngstrom, ...density } = rest
  const mesh = Object.fromEntries(
    Object.entries({ kMesh, kShift, kSpacingPerAngstrom }).filter(([, value]) => value !== undefined),
  )
  const parameters = {
    ...density,
    ...mesh,
    system: { ...own, force_symmorphic: true },
    steps: [
      { program: 'pw', calculation: 'scf' },
      { program: 'pw', calculation: 'nscf', ...mesh, system: { nbnd: bandCount } },
    ],
  }
  const pseudopotentials = task.inventory.pseudopotentials.yambo
  return {
    ...task,
    parameters,
    request: { ...task.request, code: 'quantum-espresso', parameters },
    inventory: {
      ...task.inventory,
      pseudopotentials: pseudopotentials === undefined ? {} : { 'quantum-espresso': pseudopotentials },
    },
    restart: null,
  }
}

const belowPw = (problem: InputProblem): InputProblem => ({
  ...problem,
  path: /^parameters(\.steps\[1\])?\.system\.nbnd$/.test(problem.path)
    ? 'parameters.bandCount'
    : problem.path.replace(/^parameters(\.steps\[\d+\])?/, 'parameters.pw'),
})

const reservedProblems = ({ pw }: YamboSettings): readonly InputProblem[] =>
  ['steps', 'calculation', 'kPoints'].flatMap((name) =>
    pw[name] === undefined
      ? []
      : [parameterProblem(`pw.${name}`, `the runs of pw.x are the platform's: ${name} is not free`, 'leave it out', pw[name])],
  )

/** YAMBO knows no augmentation charges: with ultrasoft or PAW files its numbers would be wrong without a word. */
function normConserving(task: Task, { clusterFiles }: Preparation, { readHead }: Upstream): readonly InputProblem[] {
  const listed = task.inventory.pseudopotentials.yambo ?? []
  const used = clusterFiles.flatMap(({ to }) => listed.filter(({ fileName }) => to.endsWith(`/${fileName}`)))
  const sent = task.request.extraFiles.flatMap(({ path, text }) => {
    const head = path.startsWith('pseudo/') ? readHead(text) : null
    return head === null ? [] : [{ ...head, fileName: path.slice('pseudo/'.length) }]
  })
  return [...used, ...sent]
    .filter(({ kind }) => kind !== 'NC')
    .map(({ element, fileName, kind }) =>
      parameterProblem(
        `pw.pseudopotentials.${element}`,
        `YAMBO takes norm-conserving pseudopotentials only, and ${fileName} is ${kind ?? 'of no kind that it says'}`,
        'choose a norm-conserving file, of PseudoDojo or SG15 for example',
        fileName,
      ),
    )
}

const nameProblems = ({ request }: Task): readonly InputProblem[] =>
  request.extraFiles.flatMap(({ path }, index) =>
    path === INPUT || path === SETUP_INPUT || path.startsWith('SAVE/')
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
