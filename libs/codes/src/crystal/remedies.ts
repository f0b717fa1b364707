import type { Remedy } from '../code-writes.ts'

/** What stands where nothing is said: scaling begins from it. */
export const DEFAULTS: Readonly<Record<string, number>> = { scfMaxCycles: 200, mixingPercent: 30, optimizationMaxCycles: 100 }

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
  limit: 10,
  restartFrom: 'checkpoint',
  because: 'it goes on from its last geometry',
}
const moreMemory: Remedy = {
  name: 'more-memory',
  effect: 'none',
  limit: 3,
  scale: { 'resources.memoryMebibytes': 1.5 },
  restartFrom: 'scratch',
  because: 'the limit was too low',
}
const path = (name: string, set: Readonly<Record<string, unknown>>, because: string): Remedy => ({
  name,
  effect: 'path',
  limit: 1,
  set,
  restartFrom: 'scratch',
  because,
})
const scf: readonly Remedy[] = [
  {
    name: 'more-scf-cycles',
    effect: 'path',
    limit: 1,
    scale: { scfMaxCycles: 2 },
    restartFrom: 'charge-density',
    because: 'the wave function was on its way',
  },
  path('more-mixing', { mixingPercent: 70 }, 'more of the last Fock matrix keeps the charge from sloshing'),
  path('anderson', { accelerator: 'ANDERSON', mixingPercent: 80 }, 'Anderson mixing finds solutions that DIIS misses'),
  path('level-shift', { levelShiftHartree: 0.6, mixingPercent: 80 }, 'lifted virtual levels keep orbitals from changing places'),
]

/** Diagnosis → remedies, mildest first. */
export const REMEDIES: Readonly<Record<string, readonly Remedy[]>> = {
  UNCONVERGED_SCF: scf,
  ELECTRONIC_NOT_CONVERGED: scf,
  SCF_ABNORMAL_END: scf.slice(1),
  UNCONVERGED_GEOMETRY: [
    {
      name: 'continue-optimisation',
      effect: 'path',
      limit: 3,
      scale: { optimizationMaxCycles: 2 },
      restartFrom: 'geometry',
      because: 'the optimisation had not come to its end',
    },
  ],
  OUT_OF_WALLTIME: [
    { ...goOn, limit: 5 },
    {
      name: 'more-time',
      effect: 'none',
      limit: 2,
      scale: { 'resources.walltimeSeconds': 2 },
      restartFrom: 'checkpoint',
      because: 'one step did not fit into the wall time',
    },
  ],
  OUT_OF_MEMORY: [moreMemory],
  NODE_FAILURE: [{ ...goOn, name: 'continue-elsewhere', because: 'the node failed, not the calculation' }],
  PREEMPTED: [{ ...goOn, limit: 20, because: 'the batch system took the nodes away' }],
  NEVER_STARTED: [again],
  MPI_START_FAILED: [{ ...again, limit: 2 }],
  BUS_ERROR: [{ ...again, limit: 1 }],
  SEGMENTATION_FAULT: [{ ...again, limit: 1 }, moreMemory],
  OUTPUT_INCOMPLETE: [again],
  WAVEFUNCTION_NOT_FOUND: [{ ...again, name: 'from-atoms', because: 'the wave function to begin with was not there' }],
  // what the user or the operator must mend
  CRYSTAL_INPUT: [],
  INPUT_ERROR: [],
  UNIT_CELL_NOT_NEUTRAL: [],
  BASIS_SET_LINEARLY_DEPENDENT: [],
  GEOMETRY_COLLAPSED: [],
  MISSING_LIBRARY: [],
  DISK_FULL: [],
}
