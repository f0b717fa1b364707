import type { Demand, InputProblem, PseudopotentialFile, Step } from '@crystalmath/contract'
import type { Prepared, Task } from '../../code-writes.ts'
import { parameterProblem } from '../../writing/problems.ts'
import { beginningOf } from '../../writing/restart-mode.ts'
import { keptFiles, PREFIX, runOf, STOP_FILE } from '../command.ts'
import { demandOfAll, toolDemand } from '../resources.ts'
import { type PlannedRun, planOf } from './plan.ts'
import { pwRun } from './pw-run.ts'
import { contradictions } from './settings.ts'
import { clusterFilesOf } from './sources.ts'
import { TOOLS, type Tool } from './tool-keywords.ts'
import { toolRun } from './tool-run.ts'

/** One run, rendered. */
type Rendered = {
  readonly name: string
  readonly text: string
  readonly step: Step
  readonly files: ReadonlyMap<string, PseudopotentialFile>
  readonly keep: readonly string[]
  readonly warnings: readonly string[]
  readonly demand?: Demand
  readonly problems: readonly InputProblem[]
}

/** Renders a job of Quantum ESPRESSO, or says all that is wrong with it. */
export function prepareQuantumEspresso(task: Task): Prepared {
  const beginning = beginningOf(task)
  const plan = planOf(beginning.parameters)
  const early = [...beginning.problems, ...plan.problems]
  if (early.length > 0) return { ok: false, problems: early }
  const runs = plan.runs.map((run) => rendered(task, run))
  const problems = [...saidTwice(task), ...runs.flatMap((run) => run.problems), ...extraFileProblems(task, runs)]
  if (problems.length > 0) return { ok: false, problems: unique(problems) }
  return {
    ok: true,
    preparation: {
      files: [...runs.map(({ name, text }) => ({ path: `${name}.in`, text })), ...task.request.extraFiles],
      clusterFiles: clusterFilesOf(task, new Map(runs.flatMap(({ files }) => [...files]))),
      steps: runs.map(({ step }) => step),
      stopFile: STOP_FILE,
      keep: [...new Set([...keptFiles(task.parameters['keepCharge'] === true), ...runs.flatMap(({ keep }) => keep)])],
      parse: '.',
      ...demandOf(task, runs),
      warnings: [...new Set(runs.flatMap(({ warnings }) => warnings))],
    },
  }
}

/** What all of them need; nothing where one of them does not tell. */
function demandOf(task: Task, runs: readonly Rendered[]): { readonly demand?: Demand } {
  const programs = planOf(beginningOf(task).parameters).runs
  const demands: Demand[] = []
  for (const [index, { demand }] of runs.entries()) {
    const { program = 'pw', parameters = {} } = programs[index] ?? {}
    const one = program === 'pw' ? demand : toolDemand(program, parameters, demands.at(-1))
    if (one == null) return {}
    demands.push(one)
  }
  const demand = demandOfAll(demands)
  return demand === undefined ? {} : { demand }
}

function saidTwice({ request }: Task): readonly InputProblem[] {
  const pwRuns = planOf(request.parameters).runs.filter(({ program }) => program === 'pw')
  return pwRuns.flatMap(({ path, parameters }) =>
    contradictions(parameters).map((problem) => below(path, problem, parameters, request.parameters)),
  )
}

function rendered(task: Task, run: PlannedRun): Rendered {
  const { name, path, parameters } = run
  const pools = typeof task.parameters['pools'] === 'number' ? task.parameters['pools'] : undefined
  if (run.program === 'pw') {
    const pw = pwRun(task, parameters)
    const step = runOf('pw.x', name, pools)
    if (pw.ok)
      return {
        ...{ name, text: pw.text, step, files: pw.files, keep: [], warnings: pw.warnings, problems: [] },
        ...(pw.demand === null ? {} : { demand: pw.demand }),
      }
    return {
      name,
      text: '',
      step,
      files: new Map(),
      keep: [],
      warnings: [],
      problems: pw.problems.map((problem) => below(path, problem, parameters, task.parameters)),
    }
  }
  const { executable, hasPools, keep, needs = [] }: Tool = TOOLS[run.program]
  const sent = new Set(task.request.extraFiles.map((file) => file.path))
  const missing = needs
    .filter((file) => !sent.has(file))
    .map((file) =>
      parameterProblem(path, `${executable} reads ${file}, which is not there`, `send ${file} along as an extra file`),
    )
  const { text, problems } = toolRun(run.program, parameters, path, task.resources.walltimeSeconds)
  return {
    name,
    text,
    step: runOf(executable, name, hasPools ? pools : undefined),
    files: new Map(),
    keep,
    warnings: [],
    problems: [...problems, ...missing],
  }
}

/** Says of a problem in a step whether it stands in the step or in the job's own parameters. */
function below(
  path: string,
  problem: InputProblem,
  own: Readonly<Record<string, unknown>>,
  job: Readonly<Record<string, unknown>>,
): InputProblem {
  const member = /^parameters\.([^.[]+)/.exec(problem.path)?.[1]
  if (path === '' || member === undefined || own[member] === job[member]) return problem
  return { ...problem, path: problem.path.replace('parameters.', `parameters.${path}.`) }
}

const unique = (problems: readonly InputProblem[]): readonly InputProblem[] => [
  ...new Map(problems.map((one) => [`${one.path} ${one.message}`, one])).values(),
]

/** Files of the user's own must not take the place of ours. */
function extraFileProblems({ request }: Task, runs: readonly Rendered[]): readonly InputProblem[] {
  const ours = new Set([...runs.flatMap(({ name }) => [`${name}.in`, `${name}.out`]), STOP_FILE.path])
  return request.extraFiles.flatMap(({ path }, index) =>
    ours.has(path) || path.startsWith('out/') || path.startsWith(`${PREFIX}.`)
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
