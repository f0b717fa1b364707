import type { Remedy } from '../code-writes.ts'

const again: Remedy = {
  name: 'run-again',
  effect: 'none',
  limit: 3,
  restartFrom: 'scratch',
  because: 'nothing of the calculation was at fault',
}
const moreMemory: Remedy = {
  name: 'more-memory',
  effect: 'none',
  limit: 3,
  scale: { 'resources.memoryMebibytes': 2 },
  restartFrom: 'scratch',
  because: 'the limit was too low',
}

/** Diagnosis → remedies, mildest first. */
export const REMEDIES: Readonly<Record<string, readonly Remedy[]>> = {
  OUT_OF_MEMORY: [moreMemory],
  OUT_OF_WALLTIME: [
    {
      name: 'more-time',
      effect: 'none',
      limit: 2,
      scale: { 'resources.walltimeSeconds': 2 },
      restartFrom: 'scratch',
      because: 'the run did not fit into the wall time',
    },
  ],
  NODE_FAILURE: [again],
  PREEMPTED: [{ ...again, limit: 20 }],
  NEVER_STARTED: [again],
  MPI_START_FAILED: [{ ...again, limit: 2 }],
  SEGMENTATION_FAULT: [{ ...again, limit: 1 }, moreMemory],
  OUTPUT_INCOMPLETE: [again],
  // what the user or the operator must mend
  INPUT_ERROR: [],
  YAMBO_DATABASE: [],
  YAMBO_PARALLEL_SETUP: [],
}
