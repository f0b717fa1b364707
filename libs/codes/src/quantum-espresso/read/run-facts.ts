import type { Diagnosis } from '@crystalmath/contract'
import { detached, quoted } from '../../reading/hits.ts'
import { systemCauseIn } from '../../reading/system-causes.ts'
import { failureOf } from './failures.ts'
import type { Beginnings, Eater, Take } from './line-reader.ts'
import { countIn, secondsOf } from './words.ts'

/** What every program of the suite says of itself. */
export type RunFacts = {
  readonly file: string
  /** `PWSCF`, `PHONON`, `PROJWFC` …; null before the banner. */
  program: string | null
  version: string | null
  mpiRankCount: number | null
  threadsPerRank: number | null
  coreCount: number | null
  wallSeconds: number | null
  cpuSeconds: number | null
  jobDone: boolean
  /** Somewhere it is said that the time given (`max_seconds`) is used up. */
  outOfTime: boolean
  stoppedByUser: boolean
  /** How many runs follow each other in this file. */
  runs: number
  /** Says what an error block told so far; for a file that ends inside it. */
  pending: (() => void) | null
  /** The output of one image of a path (`prefix_2/PW.out`), which has neither banner nor end. */
  isImage: boolean
  readonly diagnoses: Diagnosis[]
  readonly warnings: string[]
}

export const newRun = (file: string, runs = 0): RunFacts => ({
  file,
  program: null,
  version: null,
  mpiRankCount: null,
  threadsPerRank: null,
  coreCount: null,
  wallSeconds: null,
  cpuSeconds: null,
  jobDone: false,
  outOfTime: false,
  stoppedByUser: false,
  runs,
  pending: null,
  isImage: false,
  diagnoses: [],
  warnings: [],
})

export type WithRun = { run: RunFacts }

/** At most so many diagnoses and warnings of one file are kept. */
const MOST = 50

export function diagnose(
  { diagnoses, file }: RunFacts,
  kind: string,
  message: string,
  line: number | null,
  text: string,
): undefined {
  if (diagnoses.length >= MOST) return
  if (kind !== 'OUTPUT_UNREADABLE' && diagnoses.some((other) => other.kind === kind)) return
  diagnoses.push({ kind, message: detached(message.slice(0, 600)), evidence: { file, line, text: quoted(text) } })
}

const withoutNumbers = (text: string): string => text.replaceAll(/[\d.+-]+/g, '')

export function warn({ warnings }: RunFacts, text: string): undefined {
  const warning = quoted(text)
  const pattern = withoutNumbers(warning)
  if (warnings.length < MOST && !warnings.some((other) => withoutNumbers(other) === pattern)) warnings.push(warning)
}

/**
 * Beginnings of lines that mean the same in every program of the suite: banner, processes, clocks, errors, the end.
 * `restart` empties the rest of the state when a second run begins in the file.
 */
export function runBeginnings<S extends WithRun>(restart: (state: S) => void): Beginnings<S> {
  return [
    ['Program ', (line, state) => begin(line, state, restart)],
    ['CP: variable-cell Car-Parrinello', (_, state) => beginNamed('CP', null, state, restart)],
    ['Version: ', (line, { run }) => onVersion(line, run)],
    ['-------', (line, { run }) => onAtomicEnd(line, run)],
    ['Parallel version (MPI', (line, { run }) => onParallel(line, run)],
    ['Serial ', (line, { run }) => onSerial(line, run)],
    [
      'Number of MPI processes:',
      (line, { run }) => {
        run.mpiRankCount = countIn(line)
      },
    ],
    ['Number of processors in use:', (line, { run }) => onParallel(line.replace(/^.*:/, 'running on'), run)],
    ['Threads/MPI process:', (line, { run }) => onThreads(line, run)],
    ['Error in routine', onError],
    ['from ', onError],
    ['[Q, R] = qr(X, 0) failed', (line, { run }, at) => onBareFailure(line, run, at())],
    ['probably because G_par is NOT', (line, { run }, at) => onBareFailure(line, run, at())],
    [
      'JOB DONE.',
      (_, { run }) => {
        run.jobDone = true
      },
    ],
    ['Maximum CPU time exceeded', (line, { run }, at) => onOutOfTime(line, run, at())],
    ['Program stopped by user request', (line, { run }, at) => onUserStop(line, run, at())],
    ['Warning:', (line, { run }) => warn(run, line)],
    ['WARNING', (line, { run }) => warn(run, line)],
    ['DEPRECATED', (line, { run }) => warn(run, line)],
    ['Warning ', (line, { run }) => warn(run, line)],
    ...FOREIGN.map((beginning): readonly [string, Take<S>] => [beginning, (line, { run }, at) => onForeign(line, run, at())]),
  ]
}

/** How lines of the operating system, MPI, the Fortran runtime and the batch system begin, where they end up in the same file. */
const FOREIGN = [
  'slurmstepd:',
  'srun:',
  'mpirun',
  'mpiexec',
  'prterun',
  'forrtl:',
  'Program received signal',
  'Primary job',
  'There are not enough slots',
  'Signal:',
  'Fortran runtime error',
  'Operating system error',
  'terminate called',
  'Segmentation fault',
  'Bus error',
  'Out of memory',
  'Error allocating',
  '=>> PBS:',
  'pw.x:',
  '/usr/bin/',
  'Killed',
]

function onForeign(line: string, run: RunFacts, at: number): undefined {
  const cause = systemCauseIn(line)
  if (cause !== null) diagnose(run, cause.kind, cause.message, at, line)
  else if (/^\s*slurmstepd:.*CANCELLED/.test(line)) diagnose(run, 'CANCELLED', 'the job was cancelled', at, line)
  else if (/^\s*Error allocating|severe \(41\)/.test(line))
    diagnose(run, 'OUT_OF_MEMORY', 'memory could not be allocated', at, line)
  else if (/^\s*Fortran runtime error/.test(line))
    diagnose(run, 'UNKNOWN_FAILURE', 'the Fortran runtime stopped the program', at, line)
}

/** Messages that are written without a block around them. */
function onBareFailure(line: string, run: RunFacts, at: number): undefined {
  const { kind, message } = failureOf('pw.x', line.trim())
  diagnose(run, kind, message, at, line)
}

const BANNER = /^\s*Program\s+(\S.{0,40}?)\s{1,20}v\.?\s{0,20}(\d\S*)(.*?)(?:starts|$)/

function begin<S extends WithRun>(line: string, state: S, restart: (state: S) => void): undefined {
  const [, program, version] = BANNER.exec(line) ?? []
  if (program !== undefined && version !== undefined) beginNamed(detached(program), detached(version), state, restart)
}

function beginNamed<S extends WithRun>(
  program: string,
  version: string | null,
  state: S,
  restart: (state: S) => void,
): undefined {
  const { file, runs } = state.run
  if (runs > 0) {
    state.run = newRun(file, runs)
    restart(state)
    warn(state.run, `${file}: more than one run in this file; the last one decides`)
  }
  Object.assign(state.run, { program, version, runs: runs + 1 })
}

/** `Version: 4.1 - Tue Jul 14 08:46:06 CEST 2009`, below the banner that cp.x wrote up to 5.0. */
function onVersion(line: string, run: RunFacts): undefined {
  const [, version] = /^\s*Version: (\d\S*)/.exec(line) ?? []
  if (run.program === 'CP' && run.version === null && version !== undefined) run.version = detached(version)
}

/** `---- End of All-electron run ----` and the like: the last line of ld1.x, which says nothing else. */
function onAtomicEnd(line: string, run: RunFacts): undefined {
  if (run.program?.toUpperCase() === 'LD1' && /-- End of /.test(line)) run.jobDone = true
}

function onParallel(line: string, run: RunFacts): undefined {
  const count = countIn(line.replace(/^.*running on/, ''))
  if (count === null) return
  run.coreCount = count
  if (line.includes('OpenMP')) return
  run.mpiRankCount = count
  run.threadsPerRank = 1
}

function onSerial(line: string, run: RunFacts): undefined {
  if (line.includes('multi-threaded')) {
    run.mpiRankCount = 1
    run.threadsPerRank = countIn(line.replace(/^.*running on/, ''))
    run.coreCount = run.threadsPerRank
  } else if (/^\s*Serial version\s*$/.test(line)) Object.assign(run, { mpiRankCount: 1, threadsPerRank: 1, coreCount: 1 })
}

function onThreads(line: string, run: RunFacts): undefined {
  run.threadsPerRank = countIn(line.replace(/^.*:/, ''))
  if (run.coreCount === null && run.mpiRankCount !== null && run.threadsPerRank !== null)
    run.coreCount = run.mpiRankCount * run.threadsPerRank
}

function onOutOfTime(line: string, run: RunFacts, at: number): undefined {
  run.outOfTime = true
  diagnose(run, 'OUT_OF_WALLTIME', 'the time given in max_seconds is used up; the program stopped itself', at, line)
}

function onUserStop(line: string, run: RunFacts, at: number): undefined {
  run.stoppedByUser = true
  diagnose(run, 'STOPPED_BY_REQUEST', 'stopped by an EXIT file before it was finished', at, line)
}

const CLOCK = /^\s*(\S+)\s*:\s*(\S.*?)\s*CPU(?:\s+time)?,?\s+(\S.*?)\s*(?:WALL|wall)/

/** Clocks of the programs as they are named in the last line of the timing report; the name fills twelve characters. */
const CLOCKS =
  'PWSCF PHONON NEB CP DOS PROJWFC BANDS POST-PROC Q2R MATDYN DYNMAT XSpectra XSPECTRA xanes xspectra epsilon EPSILON HP OPEN_GRID PW2WANNIER ' +
  'PW2WAN90V turboTDDFT TDDFPT lr_main turbo_lanczos turbo_davidson turbo_eels turbo_magnon TDDFPT_PP EPW LD1 PWCOND GIPAW KCW KCP AVERAGE'

export const clockBeginnings: Beginnings<WithRun> = CLOCKS.split(' ').map((name): readonly [string, Take<WithRun>] => [
  `${name.padEnd(12)} :`,
  (line, { run }) => onClock(line, run),
])

/** Programs that end with their clock, without `JOB DONE.` */
const ENDS_WITH_CLOCK: ReadonlySet<string> = new Set(['EPW', 'PWCOND'])

/** The program's own clock: `PWSCF        :  1m 2.3s CPU   1m 4.1s WALL`, the last line of the timing report. */
function onClock(line: string, run: RunFacts): undefined {
  const [, name, cpu, wall] = CLOCK.exec(line) ?? []
  if (cpu === undefined || wall === undefined) return
  if (name === run.program && ENDS_WITH_CLOCK.has(name)) run.jobDone = true
  run.cpuSeconds = secondsOf(cpu)
  run.wallSeconds = secondsOf(wall)
}

const IN_ROUTINE = /Error in routine\s{1,40}(\S.{0,120}?)\s{0,40}\(\s{0,20}(?:-?\d{1,12}|\*{1,12})\s{0,20}\)/
const FROM_ROUTINE = /from\s{1,40}(\S.{0,120}?)\s{0,40}:\s{0,20}error #\s{0,20}(?:-?\d{1,12}|\*{1,12})/
const ENDS_BLOCK = /%%%%%%%%%%|^\s*stopping \.\.\./

/** A message has a few lines at most. */
const MOST_LINES = 20

/**
 * `Error in routine setup (1):` or `from setup : error #         1`, and the lines below it up to a row of `%`. Blocks of several
 * processes may be written through each other: a head without a message is passed over.
 */
function onError<S extends WithRun>(head: string, { run }: S, at: () => number): Eater | undefined {
  const [, name] = IN_ROUTINE.exec(head) ?? FROM_ROUTINE.exec(head) ?? []
  if (name === undefined) return undefined
  const routine = detached(name)
  const line = at()
  const said: string[] = []
  const close = (): void => {
    const says = said.join(' ')
    const { kind, message } = failureOf(routine, says)
    diagnose(run, kind, message, line, `Error in routine ${routine}: ${says}`)
    run.pending = null
  }
  run.pending = close
  return (below) => {
    const ends = ENDS_BLOCK.test(below) || IN_ROUTINE.test(below) || said.length >= MOST_LINES
    if (ends && said.length > 0) close()
    if (ends) return false
    if (below.trim() !== '') said.push(quoted(below))
    return true
  }
}
