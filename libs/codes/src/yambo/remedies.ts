import type { Remedy } from '../code-writes.ts'
import { MORE_MEMORY, moreTime, RUN_AGAIN } from '../writing/common-remedies.ts'

const moreMemory: Remedy = { ...MORE_MEMORY, scale: { 'resources.memoryMebibytes': 2 } }

/** Diagnosis → remedies, mildest first. */
export const REMEDIES: Readonly<Record<string, readonly Remedy[]>> = {
  OUT_OF_MEMORY: [moreMemory],
  OUT_OF_WALLTIME: [moreTime('scratch', 'the run did not fit into the wall time')],
  NODE_FAILURE: [RUN_AGAIN],
  PREEMPTED: [{ ...RUN_AGAIN, limit: 20 }],
  NEVER_STARTED: [RUN_AGAIN],
  MPI_START_FAILED: [{ ...RUN_AGAIN, limit: 2 }],
  SEGMENTATION_FAULT: [{ ...RUN_AGAIN, limit: 1 }, moreMemory],
  KILLED: [{ ...RUN_AGAIN, limit: 1 }, moreMemory],
  OUTPUT_INCOMPLETE: [RUN_AGAIN],
  // what the user or the operator must mend
  INPUT_ERROR: [],
  YAMBO_DATABASE: [],
  YAMBO_PARALLEL_SETUP: [],
}
