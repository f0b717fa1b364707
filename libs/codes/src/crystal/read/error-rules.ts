import { detached } from '../../reading/hits.ts'
import type { Hit, Rule } from '../../reading/sections.ts'
import type { Context } from './run.ts'

/** Texts of `ERROR **** ROUTINE **** …` (also in fort.87) → kind. Labels are those of aiida-crystal17 without `ERROR_`, where it has one; the first match counts. */
export const ERROR_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/SCF FAILED|TOO MANY ITERATIONS|TOO MANY CYCLES/, 'UNCONVERGED_SCF'],
  [/GEOMETRY OPTIMIZATION FAILED|CONVERGENCE TESTS UNSATISFIED|OPT END - FAILED/, 'UNCONVERGED_GEOMETRY'],
  [/BASIS SET LINEARLY DEPENDENT|LINEAR(?:LY)? DEPENDEN|CHOLSK/, 'BASIS_SET_LINEARLY_DEPENDENT'],
  [/UNIT CELL NOT NEUTRAL|CELL IS NOT NEUTRAL|WRONG NUMBER OF ELECTRONS/, 'UNIT_CELL_NOT_NEUTRAL'],
  [/NEIGHBOR LIST TOO BIG/, 'NEIGHBOR_LIST_TOO_BIG'],
  [/ALL G-VECTORS USED/, 'NO_G_VECTORS'],
  [/SMALLDIST|SMALL INTERATOMIC DISTANCE|COLLAPSED GEOMETRY|ATOMS? TOO CLOSE/, 'GEOMETRY_COLLAPSED'],
  [/PARAMETERS FOR MODEL HESSIAN NOT DEFINED/, 'HESSIAN_PARAMETERS_NOT_DEFINED'],
  [/FERMI ENERGY NOT IN INTERVAL/, 'FERMI_ENERGY'],
  [/RECIPROCAL/, 'MADELUNG_SUMS'],
  [/CANNOT ALLOCATE|ALLOCATION|NOT ENOUGH MEMORY|MEMORY|INSUFFICIENT STORAGE/, 'OUT_OF_MEMORY'],
  [/END OF DATA IN INPUT DECK|FORMAT ERROR IN INPUT DECK|GEOMETRY DATA FILE NOT FOUND/, 'CRYSTAL_INPUT'],
  [/WAVEFUNCTION FILE CAN NOT BE FOUND|FORT\.(?:9|20|98) *(?:NOT FOUND|DOES NOT EXIST)/i, 'WAVEFUNCTION_NOT_FOUND'],
  [/SHELL SYMMETRY|OPEN SHELLS OF THE SAME SYMMETRY/, 'SHELL_SYMMETRY_ERROR'],
  [/CLOSED SHELL RUN-SPIN POLARIZATION NOT ALLOWED/, 'CLOSED_SHELL_SPIN'],
  [/DISK|NO SPACE LEFT|WRITE ERROR/, 'DISK_FULL'],
  [
    /INCONSISTENT|KEYWORD|NOT ALLOWED|UNKNOWN|WRONG|INPUT|NOT DEFINED|NOT RECOGNI[SZ]ED|MISSING|NOT AVAILABLE|NOT IMPLEMENTED|INCOMPATIBLE|NOT FOUND|BASIS SET/,
    'INPUT_ERROR',
  ],
]

/** Routines that read the input: whatever they report is an error of the input. */
const INPUT_ROUTINES = /^(?:INP|READ|RDD|SHRINK|CRYSTA|SPGR|GEOM|INPUT|KEYWORD|BASIS|TOL|GENSHL|COORD|SUPER|SLAB|SPLIT|EDITGEO)/i

/** Which cause an error text names; CRYSTAL_RUN where the text is known to nobody. */
export function kindOf(routine: string, message: string): string {
  if (routine === 'CHEMOD') return 'CHEMMOD_ERROR'
  const kind = ERROR_TEXTS.find(([pattern]) => pattern.test(message))?.[1]
  return kind ?? (INPUT_ROUTINES.test(routine) ? 'INPUT_ERROR' : 'CRYSTAL_RUN')
}

/** Words of other programs around CRYSTAL: MPI, the run-time library, the batch system. */
const AROUND: readonly (readonly [RegExp, string, string])[] = [
  [/SCF abnormal end/, 'SCF_ABNORMAL_END', 'the SCF ended abnormally'],
  [
    /END OF DATA IN INPUT DECK|FORMAT ERROR IN INPUT DECK|GEOMETRY DATA FILE NOT FOUND/,
    'CRYSTAL_INPUT',
    'CRYSTAL could not read its input',
  ],
  [/Wavefunction file can not be found/, 'WAVEFUNCTION_NOT_FOUND', 'the wave function to restart from is missing'],
  [
    /forrtl: severe \(174\): SIGSEGV|SIGSEGV|[Ss]egmentation fault/,
    'SEGMENTATION_FAULT',
    'the program touched memory that is not its own',
  ],
  [/SIGBUS/, 'BUS_ERROR', 'bus error'],
  [
    /forrtl: severe \(41\)|insufficient virtual memory|oom-kill|[Oo]ut of memory|[Cc]annot allocate memory|[Ee]xceeded (?:job )?memory limit|job killed: v?mem/,
    'OUT_OF_MEMORY',
    'the memory did not suffice',
  ],
  [/No space left on device|Disk quota exceeded|forrtl: severe \(38\)/, 'DISK_FULL', 'the disk is full'],
  [
    /walltime \d+ exceeded limit|DUE TO TIME LIMIT|TERM_RUNLIMIT|job killed: walltime/,
    'OUT_OF_WALLTIME',
    'the batch system ended the job at its time limit',
  ],
  [/exited on signal 9|KILLED BY SIGNAL: 9/, 'KILLED', 'a process was killed from outside, most often for want of memory'],
  [/exited on signal 11|KILLED BY SIGNAL: 11/, 'SEGMENTATION_FAULT', 'the program touched memory that is not its own'],
  [/DUE TO PREEMPTION/, 'PREEMPTED', 'the batch system preempted the job'],
  [/DUE TO NODE FAILURE/, 'NODE_FAILURE', 'a node failed'],
  [
    /[Nn]ot enough slots available|unable to launch the specified application/,
    'MPI_START_FAILED',
    'MPI could not start the program',
  ],
  [/error while loading shared libraries/, 'MISSING_LIBRARY', 'a shared library is missing'],
]

export const errorRules = (context: Context): readonly Rule[] => [
  {
    pattern: /(?<=^ *)ERROR \*{4} (?<routine>[^*\n]*?) *\*{4} *(?<message>[^\n]*)/,
    torn: true,
    read: (hit) => crystalError(context, hit),
  },
  ...AROUND.map(
    ([pattern, kind, message]): Rule => ({
      pattern,
      torn: true,
      read: (hit: Hit) => {
        context.run.failed = true
        context.notes.diagnose(kind, message, hit)
      },
    }),
  ),
  { pattern: /error \(78\): process killed \(SIGTERM\)/, torn: true, read: (hit) => terminated(context, hit) },
  { pattern: /(?:MPI_Abort|MPI_ABORT) ?(?:\(|was invoked)/, torn: true, read: (hit) => aborted(context, hit) },
  { pattern: /CONVERGENCE TESTS UNSATISFIED|[Cc]onvergence tests unsatisfied/, read: (hit) => unconverged(context, hit) },
  { pattern: /(?<=^ *)WARNING!! FORCE +\d+ AT CENTRAL POINT IS GREATER/, read: (hit) => notAtMinimum(context, hit) },
  { pattern: /WARNING \*{4} (?<warning>[^\n]*)/, read: ({ groups }) => warn(context, groups['warning'] ?? '') },
]

function crystalError(context: Context, hit: Hit): undefined {
  const routine = hit.groups['routine'] ?? ''
  const message = hit.groups['message']?.trim() ?? ''
  context.run.failed = true
  const kind = kindOf(routine, message)
  if (kind === 'UNCONVERGED_SCF') {
    context.run.step.converged = context.run.step.energy === null ? false : context.run.step.converged
    context.run.scfFailed = true
  }
  context.notes.diagnose(kind, `CRYSTAL stopped in ${routine || 'a routine without name'}: ${message.toLowerCase()}`, hit)
}

/** SIGTERM comes from the batch system; without its own word the usual reason, the time limit, is named as such. */
function terminated(context: Context, hit: Hit): undefined {
  if (context.killed !== null) return
  const text = detached(hit.text.trim())
  context.killed = {
    kind: 'OUT_OF_WALLTIME',
    message:
      'the processes were killed by SIGTERM, as a batch system does at the time limit; its own record says whether it was that',
    evidence: { file: context.file, line: hit.line, text },
  }
}

/** An abort follows an error that says more; alone it is the cause. */
function aborted(context: Context, hit: Hit): undefined {
  if (context.notes.diagnoses.length === 0) context.notes.diagnose('MPI_ABORT', 'MPI was aborted and CRYSTAL gave no reason', hit)
  context.run.failed = true
}

function unconverged(context: Context, hit: Hit): undefined {
  if (context.notes.diagnoses.some(({ kind }) => kind === 'UNCONVERGED_GEOMETRY')) return
  context.notes.diagnose('UNCONVERGED_GEOMETRY', 'the convergence tests of the optimisation are not satisfied', hit)
}

function notAtMinimum(context: Context, hit: Hit): undefined {
  if (context.notes.diagnoses.some(({ kind }) => kind === 'ELASTIC_NEEDS_OPTIMISATION')) return
  const message = 'forces remain at the central point: elastic constants need an optimised structure first'
  context.notes.diagnose('ELASTIC_NEEDS_OPTIMISATION', message, hit)
}

function warn({ run }: Context, text: string): undefined {
  if (run.warnings.size < 50) run.warnings.add(detached(text.replace(/ {0,80}\*{4} {0,80}/, ': ').trim()))
}
