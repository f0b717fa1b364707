import type { Remedy } from '../code-writes.ts'
import { goOn, MORE_MEMORY, moreTime, RUN_AGAIN } from '../writing/common-remedies.ts'

/** What stands where nothing is said: scaling begins from it. */
export const DEFAULTS: Readonly<Record<string, number>> = { scfMaxCycles: 200, mixingPercent: 30, optimizationMaxCycles: 100 }

const onwards = goOn('it goes on from its last geometry')
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
  OUT_OF_WALLTIME: [{ ...onwards, limit: 5 }, moreTime('checkpoint', 'one step did not fit into the wall time')],
  OUT_OF_MEMORY: [MORE_MEMORY],
  NODE_FAILURE: [{ ...onwards, name: 'continue-elsewhere', because: 'the node failed, not the calculation' }],
  PREEMPTED: [{ ...onwards, limit: 20, because: 'the batch system took the nodes away' }],
  NEVER_STARTED: [RUN_AGAIN],
  MPI_START_FAILED: [{ ...RUN_AGAIN, limit: 2 }],
  BUS_ERROR: [{ ...RUN_AGAIN, limit: 1 }],
  SEGMENTATION_FAULT: [{ ...RUN_AGAIN, limit: 1 }, MORE_MEMORY],
  KILLED: [{ ...RUN_AGAIN, limit: 1 }, MORE_MEMORY],
  OUTPUT_INCOMPLETE: [RUN_AGAIN],
  WAVEFUNCTION_NOT_FOUND: [{ ...RUN_AGAIN, name: 'from-atoms', because: 'the wave function to begin with was not there' }],
  // what the user or the operator must mend
  CRYSTAL_INPUT: [],
  INPUT_ERROR: [],
  UNIT_CELL_NOT_NEUTRAL: [],
  BASIS_SET_LINEARLY_DEPENDENT: [],
  GEOMETRY_COLLAPSED: [],
  MISSING_LIBRARY: [],
  DISK_FULL: [],
}
