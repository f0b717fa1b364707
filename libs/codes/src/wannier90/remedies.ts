import type { Remedy } from '../code-writes.ts'
import { goOn, MORE_MEMORY, moreTime, RUN_AGAIN } from '../writing/common-remedies.ts'

/** What Wannier90 takes where nothing is said: scaling begins from it. */
export const DEFAULTS: Readonly<Record<string, number>> = {
  'win.num_iter': 100,
  'win.dis_num_iter': 200,
  'win.kmesh_tol': 1e-6,
  'win.search_shells': 36,
}

const onwards: Remedy = { ...goOn('Wannier90 goes on from its checkpoint'), limit: 5 }

/** Diagnosis → remedies, mildest first. */
export const REMEDIES: Readonly<Record<string, readonly Remedy[]>> = {
  BVECTORS: [
    {
      name: 'more-shells',
      effect: 'path',
      limit: 1,
      scale: { 'win.search_shells': 4 },
      restartFrom: 'scratch',
      because: 'long cells need neighbours from more shells',
    },
    {
      name: 'wider-shells',
      effect: 'numerics',
      limit: 1,
      set: { 'win.kmesh_tol': 1e-4 },
      restartFrom: 'scratch',
      because: 'rounded lattices split shells that belong together',
    },
  ],
  OUT_OF_WALLTIME: [onwards, moreTime('checkpoint', 'the wall time was too short')],
  OUT_OF_MEMORY: [MORE_MEMORY],
  NODE_FAILURE: [RUN_AGAIN],
  PREEMPTED: [{ ...RUN_AGAIN, limit: 10 }],
  NEVER_STARTED: [RUN_AGAIN],
  MPI_START_FAILED: [{ ...RUN_AGAIN, limit: 2 }],
  OUTPUT_INCOMPLETE: [RUN_AGAIN],
  // what the user must mend: windows, projections, overlaps
  DISENTANGLEMENT_FROZEN_WINDOW: [],
  DISENTANGLEMENT_NOT_ENOUGH_STATES: [],
  PLOT_WF_CUBE: [],
  INPUT_FILE_MISSING: [],
  INPUT_ERROR: [],
  OUTPUT_UNREADABLE: [],
}
