import type { InputProblem } from '@crystalmath/contract'
import { defined, isRecord, oneOf, parameterProblem, shown } from '../../writing/problems.ts'
import { isTool, TOOL_NAMES, type ToolName } from './tool-keywords.ts'

type Parameters = Readonly<Record<string, unknown>>

/** One run of a program of the suite, in order. */
export type PlannedRun =
  /** `parameters` are the job's with the step's own on top. */
  | { readonly program: 'pw'; readonly name: string; readonly path: string; readonly parameters: Parameters }
  /** `parameters` are the step's own. */
  | { readonly program: ToolName; readonly name: string; readonly path: string; readonly parameters: Parameters }

export type Plan = { readonly runs: readonly PlannedRun[]; readonly problems: readonly InputProblem[] }

const K_WAYS = ['kPoints', 'kPath', 'kPathSpacingPerAngstrom', 'kMesh', 'kShift', 'kSpacingPerAngstrom'] as const

const without = (parameters: Parameters, names: readonly string[]): Parameters =>
  Object.fromEntries(Object.entries(parameters).filter(([name]) => !names.includes(name)))

const only = (parameters: Parameters, names: readonly string[]): Parameters =>
  Object.fromEntries(Object.entries(parameters).filter(([name, value]) => names.includes(name) && value !== undefined))

/** The runs of a job: its `steps`, or one run of pw.x; bands and nscf get the run for their density put before them. */
export function planOf(parameters: Parameters): Plan {
  const { steps, ...job } = parameters
  if (steps === undefined) return { runs: implied(job), problems: [] }
  if (!Array.isArray(steps) || steps.length === 0 || steps.length > 20 || !steps.every(isRecord))
    return {
      runs: [],
      problems: [
        parameterProblem(
          'steps',
          'steps must be a list of 1 to 20 objects',
          'write for example [{ "program": "pw" }, { "program": "dos" }]',
          steps,
        ),
      ],
    }
  const runs = named(steps.map((step, index) => planned(step, job, index)))
  return { runs, problems: [...steps.flatMap(programProblems), ...orderProblems(runs)] }
}

/** For bands the mesh that is given is the density's; for nscf it is its own, and the density takes the preset's. */
function implied(job: Parameters): readonly PlannedRun[] {
  const { calculation } = job
  const one = (name: string, parameters: Parameters): PlannedRun => ({ program: 'pw', name, path: '', parameters })
  if (calculation !== 'nscf' && calculation !== 'bands') return [one('pw', job)]
  const mesh = calculation === 'bands' ? only(job, ['kMesh', 'kShift', 'kSpacingPerAngstrom']) : {}
  const density = { ...without(job, K_WAYS), ...mesh, calculation: 'scf' }
  return [
    one('scf', density),
    one(calculation, calculation === 'bands' ? without(job, ['kMesh', 'kShift', 'kSpacingPerAngstrom']) : job),
  ]
}

function planned(step: Parameters, job: Parameters, index: number): PlannedRun {
  const { program, ...own } = defined(step)
  const path = `steps[${index}]`
  if (typeof program === 'string' && isTool(program))
    return { program, name: program, path, parameters: withJobs(own, job, 'inputph', program === 'ph') }
  const merged = { ...(K_WAYS.some((name) => own[name] !== undefined) ? without(job, K_WAYS) : job), ...own }
  const namelists = ['control', 'system', 'electrons', 'ions', 'cell'].flatMap((name) => {
    const [below, above] = [job[name], own[name]]
    return isRecord(below) && isRecord(above) ? [[name, { ...below, ...above }] as const] : []
  })
  const parameters: Parameters = { ...merged, ...Object.fromEntries(namelists) }
  const { calculation = 'scf' } = parameters
  return {
    program: 'pw',
    name: typeof calculation === 'string' && /^[a-z-]+$/.test(calculation) ? calculation : 'pw',
    path,
    parameters,
  }
}

/** A namelist of the job below that of a step. */
function withJobs(own: Parameters, job: Parameters, namelist: string, applies: boolean): Parameters {
  const [below, above = {}] = [job[namelist], own[namelist]]
  return applies && isRecord(below) && isRecord(above) ? { ...own, [namelist]: { ...below, ...above } } : own
}

/** Second and later runs of one name are numbered. */
const named = (runs: readonly PlannedRun[]): readonly PlannedRun[] =>
  runs.map((run, index) => {
    const before = runs.slice(0, index).filter(({ name }) => name === run.name).length
    return before === 0 ? run : { ...run, name: `${run.name}-${before + 1}` }
  })

function programProblems(step: Parameters, index: number): readonly InputProblem[] {
  const wanted = oneOf('pw', ...TOOL_NAMES)(step['program'])
  return wanted === null
    ? []
    : [
        parameterProblem(
          `steps[${index}].program`,
          `program must be ${wanted}, found ${shown(step['program'])}`,
          `write ${wanted}`,
          step['program'],
        ),
      ]
}

/** What each program reads must have been written by a run before it. */
function orderProblems(runs: readonly PlannedRun[]): readonly InputProblem[] {
  return runs.flatMap((run, index) => {
    const before = runs.slice(0, index)
    const hasDensity = before.some(({ program }) => program === 'pw')
    const isSelfConsistent =
      run.program === 'pw' && run.parameters['calculation'] !== 'nscf' && run.parameters['calculation'] !== 'bands'
    const missing =
      run.program === 'matdyn'
        ? !before.some(({ program }) => program === 'q2r')
        : run.program === 'q2r'
          ? !before.some(({ program }) => program === 'ph')
          : !isSelfConsistent && !hasDensity
    const wanted = run.program === 'matdyn' ? 'q2r' : run.program === 'q2r' ? 'ph' : 'pw'
    return missing
      ? [
          parameterProblem(
            run.path,
            `${run.name} reads what a run of ${wanted} writes, and none stands before it`,
            `put a step of program ${wanted} before it`,
          ),
        ]
      : []
  })
}
