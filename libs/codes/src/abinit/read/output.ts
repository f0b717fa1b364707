import type { Reader, Vector3 } from '@crystalmath/contract'
import type { ReadOptions } from '../../code-reads.ts'
import { detached, quoted } from '../../reading/hits.ts'
import { toNumber, toNumbers } from '../../reading/numbers.ts'
import { type Hit, line, type Rule, rows, rule, type Section, scanner } from '../../reading/scanner.ts'
import { systemCauses } from '../../reading/system-causes.ts'
import { echoSection } from './echo.ts'
import { type AbinitRun, ionicStep, newRun, newStep } from './run.ts'

type Context = { readonly file: string; readonly full: boolean; run: AbinitRun }

/** Reads the main output (`.abo`, `.out`) or the log of ABINIT 7 to 10. */
export function output(file: string, { full }: ReadOptions): Reader<AbinitRun> {
  const context: Context = { file, full, run: newRun() }
  const feed = scanner([...setupRules(context), ...stepRules(context), ...errorRules(context)])
  return { feed, end: () => context.run }
}

const setupRules = (context: Context): Rule[] => [
  line(/^\.Version +(\S+) +of ABINIT/, ({ captures: [version = ''] }) => {
    if (context.run.version !== null) context.run = { ...newRun(), runs: context.run.runs + 1 }
    context.run.version = detached(version)
  }),
  rule(/^-outvars: echo values of (preprocessed|variables after)/, ({ captures: [which] }) => {
    const { run } = context
    return echoSection(which === 'preprocessed' ? run.before : run.after)
  }),
  line(/^== DATASET +(\d+) =/, ({ captures: [number] }) => anotherDataset(context.run, Number(number))),
  line(/^- +nproc = +(\d+)/, ({ captures: [count] }) => {
    context.run.rankCount = Number(count)
  }),
  line(/^- +mpi_nproc: +(\d+), +omp_nthreads: +(-?\d+)/, ({ captures: [ranks, threads] }) => {
    context.run.rankCount = Number(ranks)
    context.run.threadCount = Math.max(1, Number(threads))
  }),
  line(/^P This job should need less than +(\S+) Mbytes/, ({ captures: [value] }) => {
    context.run.memoryMebibytes = toNumber(value)
  }),
  line(/^(?:GGA|LDA|MGGA|mGGA|Hybrid|Perdew|no xc|[A-Z]).* - ixc= *(-?\d+)/, ({ captures: [ixc], text }) => {
    context.run.functional = FUNCTIONALS[Number(ixc)] ?? detached(text.replace(/ {1,80}- ixc=.*$/, '').trim())
  }),
  line(/^\+Overall time at end \(sec\) : +cpu= +(\S+) +wall= +(\S+)/, ({ captures: [cpu, wall] }) => {
    context.run.cpuSeconds = toNumber(cpu)
    context.run.wallSeconds = toNumber(wall)
  }),
  line(
    /^Calculation completed\./,
    () => {
      context.run.finished = true
    },
    true,
  ),
]

/** ABINIT's own numbers of functionals. */
const FUNCTIONALS: Readonly<Record<number, string>> = {
  1: 'LDA',
  2: 'PZ',
  7: 'PW92',
  11: 'PBE',
  14: 'revPBE',
  15: 'RPBE',
  23: 'WC',
  41: 'PBE0',
  42: 'PBE0-1/3',
}

/**
 * Each dataset is a calculation of its own. Those without a ground state (bands, GW, response functions) rest on an earlier one:
 * the newest ground state stays what is read.
 */
function anotherDataset(run: AbinitRun, number: number): void {
  run.datasetCount += 1
  run.response = false
  run.runningDataset = number
  if (run.step.scfSteps === 0) run.dataset = number
  if (run.datasetCount > 1) run.warnings = ['the run holds several datasets: the last one with a ground state is read']
}

function groundState(run: AbinitRun): void {
  if (run.runningDataset === null) return
  Object.assign(run, {
    dataset: run.runningDataset,
    runningDataset: null,
    step: newStep(),
    scfStepCounts: [],
    trajectory: [],
    optimisation: 'none',
    fermiHartree: null,
    magnetizationBohr: null,
  })
  run.diagnoses = run.diagnoses.filter(({ kind }) => !kind.endsWith('_NOT_CONVERGED'))
}

const isGroundState = ({ runningDataset, response }: AbinitRun): boolean => runningDataset === null && !response

const stepRules = (context: Context): Rule[] => [
  line(/^=== \[ionmov=/, () => {
    groundState(context.run)
    context.run.optimisation = 'running'
  }),
  line(/^iter +(2DEtotal|Etot)/, ({ captures: [what] }) => {
    context.run.response = what === '2DEtotal'
  }),
  line(/^ETOT +(\d+) +(\S+)/, (hit) => {
    const { run } = context
    if (run.response) return
    const [number, energy] = hit.captures
    if (Number(number) === 1) {
      groundState(run)
      if (run.step.scfSteps > 0) run.scfStepCounts.push(run.step.scfSteps)
      if (run.step.scfSteps > 0 && context.full) run.trajectory.push(ionicStep(run.step))
      run.step = newStep()
      run.diagnoses = run.diagnoses.filter(({ kind }) => kind !== 'ELECTRONIC_NOT_CONVERGED')
    }
    run.step.scfSteps = Number(number)
    run.step.energyHartree = toNumber(energy)
    if (run.step.energyHartree === null) diagnose(context, 'OUTPUT_UNREADABLE', `total energy is not a number: "${energy}"`, hit)
  }),
  line(/^At SCF step +\d+.*converged/, () => {
    if (isGroundState(context.run)) context.run.step.converged = true
  }),
  line(/was not enough SCF cycles to converge/, (hit) => {
    if (isGroundState(context.run)) context.run.step.converged = false
    diagnose(context, 'ELECTRONIC_NOT_CONVERGED', 'the SCF did not converge', hit)
  }),
  line(/gradients are converged/, () => {
    context.run.optimisation = 'converged'
  }),
  line(/was not enough Broyd\/MD steps to converge gradients/, (hit) => {
    context.run.optimisation = 'failed'
    diagnose(context, 'IONIC_NOT_CONVERGED', 'the optimisation reached its step limit', hit)
  }),
  rule(/^(?:Cartesian forces \(fcart\) \[Ha\/bohr\]|cartesian forces \(hartree\/bohr\) at end:)/, () =>
    vectors((found) => {
      context.run.step.forcesHartreePerBohr = found
    }),
  ),
  rule(/^Cartesian coordinates \(xcart\) \[bohr\]/, () =>
    vectors((found) => {
      context.run.step.positionsBohr = found
    }),
  ),
  rule(/^Real space primitive translations \(rprimd\) \[bohr\]/, () =>
    vectors((found) => {
      context.run.step.cellBohr = found
    }),
  ),
  rule(/^Cartesian components of stress tensor \(hartree\/bohr\^3\)/, () => stress(context.run)),
  line(/^Fermi \(or HOMO\) energy \(hartree\) = +(\S+)/, ({ captures: [energy] }) => {
    if (isGroundState(context.run)) context.run.fermiHartree = toNumber(energy)
  }),
  line(/^(?:Total magnetization \(exact up - dn\): +|Magnetization \(Bohr magneton\)= *)(\S+)/, ({ captures: [value] }) => {
    if (isGroundState(context.run)) context.run.magnetizationBohr = toNumber(value)
  }),
  line(/^(?:'-|-)kT\*entropy'? *[:=] +(\S+)/, ({ captures }) => {
    if (isGroundState(context.run)) context.run.step.entropyHartree = toNumber(captures.find((one) => one !== undefined))
  }),
]

/** Rows of three numbers, with or without the number of the atom. */
function vectors(keep: (found: Vector3[]) => void): Section {
  const found: Vector3[] = []
  const row = (text: string): boolean => {
    const numbers = toNumbers(text)
    const [x, y, z] = numbers?.slice(-3) ?? []
    if (x === undefined || y === undefined || z === undefined || (numbers?.length ?? 0) > 4) return false
    found.push([x, y, z])
    return true
  }
  return rows(row, 0, () => keep(found))
}

function stress(run: AbinitRun): Section {
  const found = { diagonal: [] as number[], off: [] as number[] }
  run.step.stressHartreePerBohr3 = found
  return rows((text) => {
    const [, diagonal, off] = /^ *sigma\(\d \d\)= *(\S+) +sigma\(\d \d\)= *(\S+)/.exec(text) ?? []
    if (diagonal === undefined) return false
    found.diagonal.push(toNumber(diagonal) ?? Number.NaN)
    found.off.push(toNumber(off) ?? Number.NaN)
    return true
  })
}

/** What a `--- !ERROR` or `--- !BUG` says: pattern, kind. */
const ERRORS: readonly (readonly [RegExp, string])[] = [
  [/[Mm]emory|allocat/, 'OUT_OF_MEMORY'],
  [/walltime|time limit|cpu limit/, 'OUT_OF_WALLTIME'],
  [/(?:[Ff]ile|psp).*(?:not found|does not exist|[Cc]annot open|No such file)/, 'FILE_MISSING'],
  [/input|variable|keyword|chkinp|parser|invars|ingeo|intagm|checks? /, 'INPUT_ERROR'],
]

const errorRules = (context: Context): Rule[] => [
  rule(/^--- !(ERROR|BUG)/, (hit) => {
    context.run.failed = true
    const said: string[] = []
    const line = hit.line()
    const index =
      context.run.diagnoses.push({
        kind: 'UNKNOWN_FAILURE',
        message: 'ABINIT stopped with an error',
        evidence: { file: context.file, line, text: quoted(hit.text) },
      }) - 1
    return (text) => {
      if (text.startsWith('...') || said.length > 30) return false
      if (!/^(?:src_file|src_line|mpi_rank|message) *:/.test(text)) said.push(text.trim())
      const words = said.join(' ').slice(0, 300)
      const kind = ERRORS.find(([pattern]) => pattern.test(words))?.[1] ?? 'UNKNOWN_FAILURE'
      context.run.diagnoses[index] = {
        kind,
        message: `ABINIT stopped: ${words}`,
        evidence: { file: context.file, line, text: quoted(words) },
      }
      return true
    }
  }),
  line(/leave_new *: decision taken to exit|abinit_abort|Approaching walltime/, (hit) => {
    context.run.failed = true
    if (hit.text.includes('walltime')) diagnose(context, 'OUT_OF_WALLTIME', 'ABINIT stopped at its time limit', hit)
    else if (context.run.diagnoses.length === 0) diagnose(context, 'UNKNOWN_FAILURE', 'ABINIT stopped with an error', hit)
  }),
  ...systemCauses(context.file, (diagnosis) => {
    context.run.failed = true
    if (!context.run.diagnoses.some(({ kind }) => kind === diagnosis.kind)) context.run.diagnoses.push(diagnosis)
  }),
]

function diagnose({ file, run }: Context, kind: string, message: string, hit: Hit): void {
  if (run.diagnoses.length < 20 && !run.diagnoses.some((one) => one.kind === kind))
    run.diagnoses.push({ kind, message, evidence: { file, line: hit.line(), text: quoted(hit.text) } })
}
