import type { Diagnosis } from '@crystalmath/contract'

/** What a chemist can do about a cause, in one sentence; by kind of diagnosis. */
const HELP: Readonly<Record<string, string>> = {
  ELECTRONIC_NOT_CONVERGED: 'try a smaller mixing, another algorithm or a better start, and check charge, spin and geometry',
  IONIC_NOT_CONVERGED: 'go on from the last geometry with more steps',
  OUT_OF_WALLTIME: 'ask for more walltime, or go on from its checkpoint',
  OUT_OF_MEMORY: 'ask for more memory, or share it among more nodes and fewer ranks on each',
  KILLED: 'ask for more memory: most often it was the kernel that killed it',
  OUTPUT_INCOMPLETE: 'retry it; if it stops at the same place again, look at job.err',
  INPUT_ERROR: 'mend the keyword that is named, and submit it again',
  NODE_FAILURE: 'retry it: another node will do',
  PREEMPTED: 'retry it, or use a partition that is not preempted',
  NEVER_STARTED: 'look at job.err and at the cluster with "crystalmath cluster check"',
  DISK_FULL: 'make room on the cluster, or raise the quota, then retry it',
  LICENCE: 'wait for a free licence, or renew it; nothing of the calculation was at fault',
  WRONG_ELECTRON_COUNT: 'check charge, basis set and core potential of the heaviest element',
  STATE_CHANGED: 'compare moments with those of the first attempt, and give initial moments',
  SEGMENTATION_FAULT: 'raise the stack limit and the memory, or use another build of the program',
  BUS_ERROR: 'look whether a disk is full or lost, and whether /dev/shm is large enough',
  MPI_START_FAILED: 'check the launcher of the cluster’s registration, and that ranks fit the nodes',
  MISSING_LIBRARY: 'load the module in the cluster’s set-up lines, or register the program’s full path',
  PSEUDOPOTENTIAL_MISSING: 'put the file into the folder of pseudopotentials and run "crystalmath cluster check"',
  FROZEN: 'retry it on another node; if it stops at the same step again, change the algorithm',
  CANCELLED: 'retry it if it was cancelled by mistake',
}

/** Null where the kind is a code's own and its remedies say what helps. */
export const whatHelps = (kind: Diagnosis['kind']): string | null => (Object.hasOwn(HELP, kind) ? (HELP[kind] ?? null) : null)
