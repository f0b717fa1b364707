import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readUpfHeader, type Task, writesOf } from '@crystalmath/codes'
import {
  type CalculationResult,
  ClusterCode,
  type ClusterInventory,
  JobRequest,
  type Preparation,
  type PseudopotentialFile,
  Resources,
  type Structure,
} from '@crystalmath/contract'
import { parsePath } from '@crystalmath/files'

const PSEUDOPOTENTIALS = '/usr/share/espresso/pseudo'

/** One rank and one thread, also as root: runs of two atoms gain nothing from more. */
const ENVIRONMENT = {
  OMP_NUM_THREADS: '1',
  OMPI_MCA_mpi_yield_when_idle: '1',
  OMPI_ALLOW_RUN_AS_ROOT: '1',
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
}

/** Which of these programs are not installed here; says so once, since tests that need them are skipped. */
export function missing(...programs: readonly string[]): readonly string[] {
  const absent = [PSEUDOPOTENTIALS, ...programs.map((name) => `/usr/bin/${name}`)].filter((path) => !existsSync(path))
  if (absent.length > 0) console.warn(`not installed, so tests that run it are skipped: ${absent.join(', ')}`)
  return absent
}

/** Whether the distribution's Python has a module; says so where it has not. */
export function hasPython(module: string): boolean {
  const has = spawnSync('/usr/bin/python3', ['-c', `import ${module}`]).status === 0
  if (!has) console.warn(`python3-${module} is not installed, so tests that use it are skipped`)
  return has
}

/** What the distribution's Python prints as JSON. */
export function python(script: string, input: unknown, cwd = tmpdir()): unknown {
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', ['-W', 'ignore', '-c', script], {
    cwd,
    encoding: 'utf8',
    input: JSON.stringify(input),
  })
  if (status !== 0) throw new Error(`python3 ended with ${status}: ${stderr}`)
  return JSON.parse(stdout)
}

export type Experiment = {
  readonly structure: Structure
  readonly parameters: Readonly<Record<string, unknown>>
  readonly code?: 'quantum-espresso' | 'wannier90'
  readonly extraFiles?: readonly { readonly path: string; readonly text: string }[]
  readonly walltimeSeconds?: number
  readonly restart?: Task['restart']
}

export type Run = {
  readonly folder: string
  readonly preparation: Preparation
  readonly exitCode: number | null
  /** Standard output of the last program. */
  readonly output: string
  /** The folder as one calculation, or one file in it. */
  readonly parsed: (file?: string) => Promise<CalculationResult>
  /** A file of the folder as text. */
  readonly text: (file: string) => Promise<string>
}

/** A folder for runs of the real programs, one folder each, at most two at once. */
export type Laboratory = {
  /** Renders, runs every program, and throws with the output where one fails. */
  readonly run: (experiment: Experiment) => Promise<Run>
  /** The same, but writes the stop file as soon as the output holds `sign`; any exit code will do. */
  readonly stopAt: (sign: RegExp, experiment: Experiment) => Promise<Run>
  /** Renders and runs on files of an earlier run, as its restart plan names them. */
  readonly goOn: (from: Run, experiment: Experiment & { readonly restart: NonNullable<Task['restart']> }) => Promise<Run>
  /** Writes the files of a preparation without running anything. */
  readonly write: (experiment: Experiment) => Promise<{ readonly folder: string; readonly preparation: Preparation }>
  readonly close: () => Promise<void>
}

export async function openLaboratory(): Promise<Laboratory> {
  const root = await mkdtemp(join(tmpdir(), 'crystalmath-physics-'))
  const turn = atMost(2)

  const write: Laboratory['write'] = async (experiment) => {
    const folder = await mkdtemp(join(root, 'run-'))
    const preparation = preparationOf(taskOf(experiment))
    for (const { path, text } of preparation.files) await put(join(folder, path), text)
    for (const { from, to } of preparation.clusterFiles) {
      await mkdir(dirname(join(folder, to)), { recursive: true })
      await copyFile(from, join(folder, to))
    }
    return { folder, preparation }
  }
  const carryOut = async (experiment: Experiment, sign: RegExp | null, before: (folder: string) => Promise<void>): Promise<Run> =>
    await turn(async () => {
      const { folder, preparation } = await write(experiment)
      await before(folder)
      const { exitCode, output } = await runSteps(folder, preparation, sign)
      if (exitCode !== 0 && sign === null)
        throw new Error(`a program ended with ${exitCode} in ${folder}:\n${output.slice(-4000)}`)
      return {
        folder,
        preparation,
        exitCode,
        output,
        parsed: (file = '.') => parsePath(join(folder, file), { full: true }),
        text: (file) => readFile(join(folder, file), 'utf8'),
      }
    })
  const nothing = async () => undefined
  return {
    write,
    run: (experiment) => carryOut(experiment, null, nothing),
    stopAt: (sign, experiment) => carryOut(experiment, sign, nothing),
    goOn: (first, experiment) =>
      carryOut(experiment, null, async (folder) => {
        for (const { from, to } of experiment.restart.files) {
          await mkdir(dirname(join(folder, to)), { recursive: true })
          await cp(join(first.folder, from), join(folder, to))
        }
      }),
    close: () => rm(root, { recursive: true, force: true }),
  }
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

async function runSteps(folder: string, { steps, stopFile }: Preparation, sign: RegExp | null) {
  let last = { exitCode: 0 as number | null, output: '' }
  for (const { program, args, stdin, stdout } of steps) {
    const child = spawn(`/usr/bin/${program}`, [...args], { cwd: folder, env: { ...process.env, ...ENVIRONMENT } })
    const kept = createWriteStream(join(folder, stdout))
    let output = ''
    let isStopped = false
    child.stdin.end(stdin === null ? '' : readFileSync(join(folder, stdin)))
    child.stderr.setEncoding('utf8').on('data', (said: string) => {
      output += said
    })
    child.stdout.pipe(kept)
    child.stdout.on('data', (block: Buffer) => {
      output += block.toString('latin1')
      if (sign === null || isStopped || stopFile === null || !sign.test(output)) return
      isStopped = true
      void writeFile(join(folder, stopFile.path), stopFile.text)
    })
    const [[exitCode]] = (await Promise.all([once(child, 'close'), once(kept, 'finish')])) as [[number | null], unknown]
    last = { exitCode, output }
    if (exitCode !== 0) return last
  }
  return last
}

/** Lets so many at once, the others wait in order. */
function atMost(limit: number) {
  let running = 0
  const waiting: (() => void)[] = []
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= limit) await new Promise<void>((resolve) => void waiting.push(resolve))
    else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}

/** A task as the submitter would hand it over, with the pseudopotentials that lie on this machine. */
export function taskOf(experiment: Experiment): Task {
  const { structure, parameters, code = 'quantum-espresso', extraFiles = [], walltimeSeconds = 3600, restart = null } = experiment
  const { structure: _, ...request } = JobRequest.parse({
    project: 'physics',
    cluster: 'here',
    code,
    parameters,
    extraFiles,
    resources: { ranks: 1, walltimeSeconds },
  })
  return {
    request,
    resources: Resources.parse(request.resources),
    structure,
    parameters,
    clusterCode: ClusterCode.parse({ pseudopotentialFolder: PSEUDOPOTENTIALS }),
    inventory: inventory(),
    restart,
  }
}

function preparationOf(task: Task): Preparation {
  const prepared = writesFor(task).prepare(task)
  if (!prepared.ok) throw new Error(prepared.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  return prepared.preparation
}

/** The writer of a task's code. */
export function writesFor({ request }: Task): NonNullable<ReturnType<typeof writesOf>> {
  const writes = writesOf(request.code)
  if (writes === undefined) throw new Error(`no writer for ${request.code}`)
  return writes
}

let known: readonly PseudopotentialFile[] | undefined

function inventory(): ClusterInventory {
  known ??= readdirSync(PSEUDOPOTENTIALS).flatMap((fileName) => {
    const header = readUpfHeader(readFileSync(join(PSEUDOPOTENTIALS, fileName), 'latin1').slice(0, 65_536))
    return header === null ? [] : [{ ...header, fileName, md5: '' }]
  })
  return {
    checkedAt: '2026-01-01T00:00:00Z',
    schedulerVersion: null,
    partitions: [],
    maxArraySize: null,
    minJobAgeSeconds: null,
    killWaitSeconds: null,
    accounting: true,
    clockOffsetSeconds: 0,
    freeMebibytes: null,
    pseudopotentials: { 'quantum-espresso': [...known] },
    findings: [],
  }
}
