import type { Remedy } from '../code-writes.ts'

/** What Wannier90 takes where nothing is said: scaling begins from it. */
export const DEFAULTS: Readonly<Record<string, number>> = {
  'win.num_iter': 100,
  'win.dis_num_iter': 200,
  'win.kmesh_tol': 1e-6,
  'win.search_shells': 36,
}

const again: Remedy = {
  name: 'run-again',
  effect: 'none',
  limit: 3,
  restartFrom: 'scratch',
  because: 'nothing of the calculation was at fault',
}
const goOn: Remedy = {
  name: 'continue',
  effect: 'none',
  limit: 5,
  restartFrom: 'checkpoint',
  because: 'Wannier90 goes on from its checkpoint',
}

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
  OUT_OF_WALLTIME: [
    goOn,
    {
      name: 'more-time',
      effect: 'none',
      limit: 2,
      scale: { 'resources.walltimeSeconds': 2 },
      restartFrom: 'checkpoint',
      because: 'the wall time was too short',
    },
  ],
  OUT_OF_MEMORY: [
    {
      name: 'more-memory',
      effect: 'none',
      limit: 3,
      scale: { 'resources.memoryMebibytes': 1.5 },
      restartFrom: 'scratch',
      because: 'the limit was too low',
    },
  ],
  NODE_FAILURE: [again],
  PREEMPTED: [{ ...again, limit: 10 }],
  NEVER_STARTED: [again],
  MPI_START_FAILED: [{ ...again, limit: 2 }],
  OUTPUT_INCOMPLETE: [again],
  // what the user must mend: windows, projections, overlaps
  DISENTANGLEMENT_FROZEN_WINDOW: [],
  DISENTANGLEMENT_NOT_ENOUGH_STATES: [],
  PLOT_WF_CUBE: [],
  INPUT_FILE_MISSING: [],
  INPUT_ERROR: [],
  OUTPUT_UNREADABLE: [],
}
