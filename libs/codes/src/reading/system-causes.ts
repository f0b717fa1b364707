import type { Diagnosis } from '@crystalmath/contract'
import { quoted } from './hits.ts'
import { mayMatch } from './may-hold.ts'
import { line, type Rule } from './scanner.ts'

/** What the operating system, MPI and the batch system write into any program's output: pattern, kind, what it means. */
const CAUSES: readonly (readonly [RegExp, Diagnosis['kind'], string])[] = [
  [
    /DUE TO TIME LIMIT|(?<=PBS: job killed: )walltime|TERM_RUNLIMIT|CPU time limit exceeded/,
    'OUT_OF_WALLTIME',
    'the batch system ended the job at its time limit',
  ],
  [/DUE TO PREEMPTION/, 'PREEMPTED', 'the batch system preempted the job'],
  [/DUE TO NODE FAILURE|[Nn]ode failure on /, 'NODE_FAILURE', 'a node failed'],
  [
    /oom-kill event|[Oo]om_kill event|OUT_OF_MEMORY|TERM_MEMLIMIT|PBS: job killed: v?mem|[Ee]xceeded (?:job )?memory limit/,
    'OUT_OF_MEMORY',
    'the job was ended for using more memory than it may',
  ],
  [
    /std::bad_alloc|[Cc]annot allocate memory|[Oo]ut of memory(?! according to MaxCore)|insufficient virtual memory/,
    'OUT_OF_MEMORY',
    'an allocation of memory failed',
  ],
  [/No space left on device|[Dd]isk quota exceeded|File size limit exceeded/, 'DISK_FULL', 'the disk or the quota is full'],
  [/[Ss]egmentation fault|SIGSEGV|exited on signal 11/, 'SEGMENTATION_FAULT', 'the program touched memory that is not its own'],
  [
    /SIGBUS|[Bb]us error|exited on signal 7\b/,
    'BUS_ERROR',
    'bus error: often a full or lost disk, or a shared-memory segment too small',
  ],
  [
    /the set-up script of the job ended with status/,
    'INPUT_ERROR',
    'the set-up script of the job failed: its output is own-set-up.out',
  ],
  [
    /exited on signal 9 \(Killed\)|KILLED BY SIGNAL: 9|line \d+: +\d+ Killed /,
    'KILLED',
    'a process was killed from outside, most often for want of memory',
  ],
  [
    /There are not enough slots available|[Nn]ot enough slots available/,
    'MPI_START_FAILED',
    'mpirun found fewer slots than ranks were asked for',
  ],
  [
    /mpirun was unable to launch|unable to find the specified executable file|mpi(?:run|exec): (?:command )?not found/,
    'MPI_START_FAILED',
    'mpirun could not start the program',
  ],
  [
    /ORTE was unable to|PMIX ERROR|ORTE daemon has unexpectedly failed|MPIR_Init_thread|PMI2?_Init failed|Unable to create step for job/,
    'MPI_START_FAILED',
    'MPI could not start or keep its processes',
  ],
  [/error while loading shared libraries/, 'MISSING_LIBRARY', 'a shared library is missing'],
  [
    /Unable to locate a modulefile|[Mm]odule\(s\) are unknown|module: (?:command )?not found/,
    'MISSING_LIBRARY',
    'a module of the cluster is missing, or modules were never set up',
  ],
  [
    /execve\(\): .*No such file or directory|(?:\.x|vasp_\w+|orca\w*|crystal|yambo)'?: (?:command )?not found/,
    'MISSING_LIBRARY',
    'the program is not where the cluster’s registration says',
  ],
  [
    /[Ll]icen[cs]e (?:checkout failed|has expired|server)|[Nn]o valid licen[cs]e|[Cc]ould not check ?out .*licen[cs]e|Licensed number of users already reached/,
    'LICENCE',
    'the program found no licence',
  ],
]

/** Rules for those lines; `onCause` decides where the diagnosis goes. */
export const systemCauses = (file: string, onCause: (diagnosis: Diagnosis) => void): Rule[] =>
  CAUSES.map(([pattern, kind, message]) =>
    line(pattern, (hit) => onCause({ kind, message, evidence: { file, line: hit.line(), text: quoted(hit.text) } }), true),
  )

let mayTell: ReturnType<typeof mayMatch> | undefined

/** The cause that one line tells, for readers that look at lines; null for any other line. */
export function systemCauseIn(text: string): Pick<Diagnosis, 'kind' | 'message'> | null {
  mayTell ??= mayMatch(CAUSES.map(([pattern]) => pattern))
  if (mayTell?.(text, 0, text.length) === false) return null
  const [, kind, message] = CAUSES.find(([pattern]) => pattern.test(text)) ?? []
  return kind === undefined || message === undefined ? null : { kind, message }
}

/** What a process shows when it dies, of whatever: a cause that somebody else names comes first. */
const SYMPTOMS: ReadonlySet<string> = new Set(['KILLED', 'SEGMENTATION_FAULT', 'BUS_ERROR', 'MPI_START_FAILED'])
export const isSymptom = (kind: Diagnosis['kind']): boolean => SYMPTOMS.has(kind)
