import { SHARED_DIAGNOSIS_KINDS } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { systemCauseIn } from './system-causes.ts'
import { whatHelps } from './what-helps.ts'

/** Lines as kernels, batch systems, MPI, loaders and licence servers write them. */
const LINES: readonly (readonly [line: string, kind: string])[] = [
  ['slurmstepd: error: *** JOB 812 ON c1 CANCELLED AT 2026-01-01T00:00:00 DUE TO TIME LIMIT ***', 'OUT_OF_WALLTIME'],
  ['=>> PBS: job killed: walltime 3605 exceeded limit 3600', 'OUT_OF_WALLTIME'],
  ['TERM_RUNLIMIT: job killed after reaching LSF run time limit.', 'OUT_OF_WALLTIME'],
  ['slurmstepd: error: *** JOB 812 ON c1 CANCELLED AT 2026-01-01T00:00:00 DUE TO PREEMPTION ***', 'PREEMPTED'],
  ['slurmstepd: error: *** STEP 812.0 ON c1 CANCELLED AT 2026-01-01T00:00:00 DUE TO NODE FAILURE ***', 'NODE_FAILURE'],
  ['srun: error: Node failure on c7', 'NODE_FAILURE'],
  [
    'slurmstepd: error: Detected 1 oom_kill event in StepId=812.batch. Some of the step tasks have been OOM Killed.',
    'OUT_OF_MEMORY',
  ],
  ['slurmstepd: error: Exceeded job memory limit at some point.', 'OUT_OF_MEMORY'],
  ['[ 1234.5] Memory cgroup out of memory: Killed process 4711 (pw.x)', 'OUT_OF_MEMORY'],
  ["terminate called after throwing an instance of 'std::bad_alloc'", 'OUT_OF_MEMORY'],
  ['forrtl: severe (41): insufficient virtual memory', 'OUT_OF_MEMORY'],
  ['Operating system error: Cannot allocate memory', 'OUT_OF_MEMORY'],
  ['/scratch/job.sh: line 40:  4711 Killed                  pw.x -in pw.in', 'KILLED'],
  ['mpirun noticed that process rank 3 with PID 0 on node c1 exited on signal 9 (Killed).', 'KILLED'],
  ['forrtl: No space left on device', 'DISK_FULL'],
  ['cp: error writing out: Disk quota exceeded', 'DISK_FULL'],
  ['forrtl: severe (174): SIGSEGV, segmentation fault occurred', 'SEGMENTATION_FAULT'],
  ['Program received signal SIGSEGV: Segmentation fault - invalid memory reference.', 'SEGMENTATION_FAULT'],
  ['mpirun noticed that process rank 0 with PID 1 on node c1 exited on signal 7 (Bus error).', 'BUS_ERROR'],
  ['Program received signal SIGBUS: Access to an undefined portion of a memory object.', 'BUS_ERROR'],
  ['There are not enough slots available in the system to satisfy the 8', 'MPI_START_FAILED'],
  ['Fatal error in PMPI_Init_thread: Other MPI error, error stack: MPIR_Init_thread(176)', 'MPI_START_FAILED'],
  ['srun: error: Unable to create step for job 812: More processors requested than permitted', 'MPI_START_FAILED'],
  ['pw.x: error while loading shared libraries: libmkl_core.so.2: cannot open shared object file', 'MISSING_LIBRARY'],
  ['Lmod has detected the following error: The following module(s) are unknown: "vasp/6.4"', 'MISSING_LIBRARY'],
  ["ERROR: Unable to locate a modulefile for 'qe/7.4'", 'MISSING_LIBRARY'],
  ['job.sh: 12: pw.x: not found', 'MISSING_LIBRARY'],
  ['slurmstepd: error: execve(): /opt/vasp/bin/vasp_std: No such file or directory', 'MISSING_LIBRARY'],
  ['License checkout failed: no such feature exists', 'LICENCE'],
  ['Licensed number of users already reached.  (-4,342)', 'LICENCE'],
]
/** What healthy runs say. */
const HEALTHY = [
  'estimated max dynamical RAM per process > 1.23 GB',
  'total cpu time spent up to now is 12.0 secs',
  'The license of this program is the GNU General Public License',
  'Note: the limit on the number of open files was raised',
  'Program PWSCF v.6.7MaX starts on 1Jan2026',
  '            ****ORCA TERMINATED NORMALLY****',
  'slots: 4 available, 2 used',
  'rank 0 on node c1: out of 4',
]

describe('what the system writes into an output', () => {
  it.each(LINES)('%s', (line, kind) => expect(systemCauseIn(line)?.kind).toBe(kind))
  it.each(HEALTHY)('nothing in: %s', (line) => expect(systemCauseIn(line)).toBeNull())
  it('has a sentence of what helps for every cause that codes share', () => {
    const without = [...new Set([...SHARED_DIAGNOSIS_KINDS, ...LINES.map(([, kind]) => kind)])].filter(
      (kind) => whatHelps(kind) === null,
    )
    expect(without).toEqual(['OUTPUT_UNREADABLE', 'SOURCES_DISAGREE', 'UNKNOWN_FAILURE'])
  })
})
