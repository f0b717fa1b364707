import type { Remedy } from '../code-writes.ts'
import { goOn, MORE_MEMORY, moreTime, RUN_AGAIN } from '../writing/common-remedies.ts'

/** What ORCA takes where nothing is said: scaling begins from it. */
export const DEFAULTS: Readonly<Record<string, number>> = { scfMaxIterations: 125, optimizationMaxSteps: 50 }

const onwards = goOn('ORCA goes on from its last geometry')
const strategy = (name: string, scfStrategy: string, because: string): Remedy => ({
  name,
  effect: 'path',
  limit: 1,
  set: { scfStrategy, scfMaxIterations: 500 },
  restartFrom: 'scratch',
  because,
})
const fewerRanks: Remedy = {
  name: 'fewer-ranks',
  effect: 'none',
  limit: 2,
  scale: { 'resources.ranks': 0.5 },
  restartFrom: 'scratch',
  because: 'fewer ranks have more memory and more work each',
}
const scf: readonly Remedy[] = [
  {
    name: 'more-scf-steps',
    effect: 'path',
    limit: 1,
    scale: { scfMaxIterations: 3 },
    restartFrom: 'charge-density',
    because: 'the orbitals were on their way',
  },
  strategy('slow', 'slow', 'damping keeps the orbitals from jumping between states'),
  strategy('second-order', 'trah', 'a trust-region Newton method always goes downhill'),
  strategy('kdiis', 'kdiis', 'KDIIS with SOSCF finds solutions that DIIS misses'),
  strategy('very-slow', 'very-slow', 'strong damping for open-shell metals'),
]

/** A module that gives up without a word: most often it was short of memory. */
const unexplained: readonly Remedy[] = [{ ...RUN_AGAIN, limit: 1 }, MORE_MEMORY]
const MODULES = [
  'AUTOCI',
  'CASSCF',
  'CIS',
  'GTOINT',
  'LEANSCF',
  'MDCI',
  'MP2',
  'NUMFREQ',
  'PROPERTIES',
  'ROCIS',
  'SCF',
  'SCF_GRADIENT',
  'SCF_HESSIAN',
  'SCF_RESPONSE',
  'STARTUP',
]

/** Diagnosis → remedies, mildest first. */
export const REMEDIES: Readonly<Record<string, readonly Remedy[]>> = {
  ELECTRONIC_NOT_CONVERGED: scf,
  SCF_DIVERGED: scf.slice(1),
  IONIC_NOT_CONVERGED: [
    {
      name: 'continue-optimisation',
      effect: 'path',
      limit: 3,
      scale: { optimizationMaxSteps: 2 },
      restartFrom: 'geometry',
      because: 'the optimisation had not come to its end',
    },
  ],
  OUT_OF_WALLTIME: [{ ...onwards, limit: 5 }, moreTime('checkpoint', 'one step did not fit into the wall time')],
  OUT_OF_MEMORY: [MORE_MEMORY, fewerRanks],
  TOO_MANY_CORES: [fewerRanks],
  NODE_FAILURE: [{ ...onwards, name: 'continue-elsewhere', because: 'the node failed, not the calculation' }],
  PREEMPTED: [{ ...onwards, limit: 20, because: 'the batch system took the nodes away' }],
  NEVER_STARTED: [RUN_AGAIN],
  MPI_START_FAILED: [{ ...RUN_AGAIN, limit: 2 }],
  BUS_ERROR: [{ ...RUN_AGAIN, limit: 1 }],
  SEGMENTATION_FAULT: unexplained,
  KILLED: unexplained,
  ...Object.fromEntries(MODULES.map((name) => [name, unexplained])),
  OUTPUT_INCOMPLETE: [RUN_AGAIN],
  UNKNOWN_FAILURE: [{ ...RUN_AGAIN, limit: 1 }],
  CPSCF_NOT_CONVERGED: [
    {
      name: 'tighter-scf',
      effect: 'numerics',
      limit: 1,
      set: { scfConvergence: 'VeryTight' },
      restartFrom: 'charge-density',
      because: 'response equations need well converged orbitals',
    },
  ],
  // what the user or the operator must mend
  INPUT_ERROR: [],
  BASIS_MISSING: [],
  FILE_MISSING: [],
  MISSING_LIBRARY: [],
  DISK_FULL: [],
  EXCITED_STATES_NOT_CONVERGED: [],
  OUTPUT_UNREADABLE: [],
}
