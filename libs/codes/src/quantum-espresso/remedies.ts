import type { Remedy } from '../code-writes.ts'
import { goOn, MORE_MEMORY, moreTime, RUN_AGAIN } from '../writing/common-remedies.ts'

/** What pw.x takes where the input says nothing (INPUT_PW, 6.x and 7.x): scaling begins from it. */
export const DEFAULTS: Readonly<Record<string, number>> = {
  'electrons.mixing_beta': 0.7,
  'electrons.electron_maxstep': 100,
  'electrons.mixing_ndim': 8,
  'control.nstep': 50,
  'inputph.alpha_mix(1)': 0.7,
}

const onwards = goOn('pw.x goes on from where it was stopped')
const conjugateGradients: Remedy = {
  name: 'conjugate-gradients',
  effect: 'path',
  limit: 1,
  set: { 'electrons.diagonalization': 'cg' },
  restartFrom: 'scratch',
  because: 'conjugate gradients never build the small overlap matrix that could not be factorised, and need less memory',
}
const paro: Remedy = {
  name: 'parallel-orbital-updating',
  effect: 'path',
  limit: 1,
  set: { 'electrons.diagonalization': 'paro' },
  restartFrom: 'scratch',
  because: 'a third way to the same eigenvectors, where Davidson and conjugate gradients failed',
}
const largerSubspace: Remedy = {
  name: 'larger-davidson-subspace',
  effect: 'path',
  limit: 1,
  set: { 'electrons.diagonalization': 'david', 'electrons.diago_david_ndim': 4 },
  restartFrom: 'scratch',
  because: 'a larger subspace holds the eigenvectors that did not converge',
}
const serialDiagonalization: readonly Remedy[] = [largerSubspace, conjugateGradients, paro]

const softerMixing = (factor: number, restartFrom: NonNullable<Remedy['restartFrom']>, name: string): Remedy => ({
  name,
  effect: 'path',
  limit: 1,
  scale: { 'electrons.mixing_beta': factor },
  restartFrom,
  because: 'a smaller part of the new density damps charge that sloshes to and fro',
})

const fromLastGeometry = (name: string, because: string, over: Partial<Remedy> = {}): Remedy => ({
  name,
  effect: 'path',
  limit: 3,
  restartFrom: 'geometry',
  because,
  ...over,
})

const bfgsMisled: readonly Remedy[] = [
  fromLastGeometry('forget-history', 'BFGS begins anew without the history that misled it', { limit: 2 }),
  fromLastGeometry('damped-dynamics', 'damped dynamics needs no Hessian', { limit: 1, set: { 'ions.ion_dynamics': 'damp' } }),
  fromLastGeometry('tighter-forces', 'forces of a tighter density are less noisy', {
    limit: 1,
    effect: 'numerics',
    set: { 'electrons.conv_thr': 1e-10 },
  }),
]

/** Where the cell has moved away from the plane waves that were chosen for it. */
const newPlaneWaves = fromLastGeometry('new-plane-waves', 'the plane waves are chosen anew for the cell as it is now', {
  limit: 3,
})

/** Diagnosis → remedies, mildest first. Data, versioned with the code. */
export const REMEDIES: Readonly<Record<string, readonly Remedy[]>> = {
  ELECTRONIC_NOT_CONVERGED: [
    {
      name: 'more-scf-steps',
      effect: 'path',
      limit: 1,
      scale: { 'electrons.electron_maxstep': 2 },
      least: { 'electrons.electron_maxstep': 100 },
      restartFrom: 'charge-density',
      because: 'the density was on its way',
    },
    softerMixing(0.5, 'charge-density', 'softer-mixing'),
    {
      name: 'local-thomas-fermi',
      effect: 'path',
      limit: 1,
      set: { 'electrons.mixing_mode': 'local-TF' },
      restartFrom: 'scratch',
      because: 'local screening suits surfaces, clusters and other uneven systems',
    },
    {
      name: 'longer-history',
      effect: 'path',
      limit: 1,
      set: { 'electrons.mixing_ndim': 12 },
      scale: { 'electrons.mixing_beta': 0.5 },
      restartFrom: 'scratch',
      because: 'a longer history with gentle mixing finds the slow components',
    },
    conjugateGradients,
    {
      name: 'broader-smearing',
      effect: 'model',
      limit: 1,
      scale: { 'smearing.widthEv': 2 },
      restartFrom: 'scratch',
      because: 'levels at the Fermi energy change places from step to step',
    },
  ],
  IONIC_NOT_CONVERGED: [
    fromLastGeometry('continue-relaxation', 'the relaxation had not come to its end', { limit: 3 }),
    fromLastGeometry('smaller-steps', 'smaller first steps keep BFGS inside its quadratic region', {
      limit: 1,
      set: { 'ions.trust_radius_ini': 0.2, 'ions.trust_radius_max': 0.4 },
    }),
    fromLastGeometry('damped-dynamics', 'damped dynamics needs no Hessian', { limit: 1, set: { 'ions.ion_dynamics': 'damp' } }),
  ],
  IONIC_CYCLE_BFGS_HISTORY_FAILURE: bfgsMisled,
  IONIC_CYCLE_BFGS_HISTORY_AND_FINAL_SCF_FAILURE: bfgsMisled,
  IONIC_CONVERGENCE_REACHED_EXCEPT_IN_FINAL_SCF: [newPlaneWaves],
  IONIC_CONVERGENCE_REACHED_FINAL_SCF_FAILED: [
    fromLastGeometry('softer-mixing', 'a gentler start in the final cell', { limit: 2, scale: { 'electrons.mixing_beta': 0.5 } }),
  ],
  IONIC_CYCLE_ELECTRONIC_CONVERGENCE_NOT_REACHED: [
    fromLastGeometry('more-scf-steps', 'the density of one step was on its way', {
      limit: 1,
      scale: { 'electrons.electron_maxstep': 2 },
      least: { 'electrons.electron_maxstep': 100 },
    }),
    fromLastGeometry('softer-mixing', 'a smaller part of the new density damps charge that sloshes to and fro', {
      limit: 2,
      scale: { 'electrons.mixing_beta': 0.5 },
    }),
    fromLastGeometry('conjugate-gradients', 'a slower, surer way to the eigenvectors', {
      limit: 1,
      set: { 'electrons.diagonalization': 'cg' },
    }),
  ],
  IONIC_INTERRUPTED_PARTIAL_TRAJECTORY: [
    fromLastGeometry('continue-relaxation', 'the relaxation was cut off, not wrong', { limit: 5, effect: 'none' }),
  ],
  OUT_OF_WALLTIME: [{ ...onwards, limit: 5 }, moreTime('checkpoint', 'one iteration did not fit into the wall time')],
  STOPPED_BY_REQUEST: [onwards],
  OUT_OF_MEMORY: [
    MORE_MEMORY,
    {
      name: 'small-subspace',
      effect: 'path',
      limit: 1,
      set: { 'electrons.diago_david_ndim': 2 },
      restartFrom: 'scratch',
      because: 'the Davidson subspace is the largest array',
    },
    conjugateGradients,
  ],
  NODE_FAILURE: [{ ...onwards, name: 'continue-elsewhere', because: 'the node failed, not the calculation' }],
  PREEMPTED: [{ ...onwards, limit: 20, because: 'the batch system took the nodes away' }],
  NEVER_STARTED: [RUN_AGAIN],
  MPI_START_FAILED: [{ ...RUN_AGAIN, limit: 2 }],
  BUS_ERROR: [{ ...RUN_AGAIN, limit: 1 }],
  SEGMENTATION_FAULT: [{ ...RUN_AGAIN, limit: 1 }, conjugateGradients],
  KILLED: [{ ...RUN_AGAIN, limit: 1 }, MORE_MEMORY],
  COMPUTING_CHOLESKY: [conjugateGradients, paro],
  COMPUTING_DIAGONALIZATION: serialDiagonalization,
  DIAGONALIZATION_TOO_MANY_BANDS_NOT_CONVERGED: serialDiagonalization,
  EIGENVECTOR_CONVERGENCE: serialDiagonalization,
  S_MATRIX_NOT_POSITIVE_DEFINITE: [conjugateGradients, paro],
  ZHEGVD_FAILED: [conjugateGradients, paro],
  QR_FAILED: [conjugateGradients, paro],
  BROYDEN_FACTORIZATION: [
    softerMixing(0.5, 'scratch', 'softer-mixing'),
    {
      name: 'short-history',
      effect: 'path',
      limit: 1,
      set: { 'electrons.mixing_ndim': 4 },
      restartFrom: 'scratch',
      because: 'a short history has no dependent vectors',
    },
  ],
  NPOOLS_TOO_HIGH: [
    {
      name: 'one-pool',
      effect: 'none',
      limit: 1,
      set: { pools: 1 },
      restartFrom: 'scratch',
      because: 'there are fewer k points than pools',
    },
  ],
  G_PAR: [newPlaneWaves],
  RADIAL_FFT_SIGNIFICANT_VOLUME_CONTRACTION: [
    newPlaneWaves,
    fromLastGeometry('room-to-shrink', 'larger tables allow for a shrinking cell', {
      limit: 1,
      set: { 'cell.cell_factor': 4 },
    }),
  ],
  SYMMETRY_NON_ORTHOGONAL_OPERATION: [
    fromLastGeometry('find-symmetry-anew', 'the symmetry is found anew in the cell as it is now', { limit: 1 }),
    fromLastGeometry('without-symmetry', 'without symmetry nothing must map the cell onto itself', {
      limit: 1,
      effect: 'numerics',
      set: { 'system.nosym': true },
    }),
  ],
  DEXX_IS_NEGATIVE: [softerMixing(0.5, 'scratch', 'softer-mixing')],
  CHARGE_IS_WRONG: [conjugateGradients],
  // of ph.x
  CONVERGENCE_NOT_REACHED: [
    {
      name: 'softer-response-mixing',
      effect: 'path',
      limit: 2,
      scale: { 'inputph.alpha_mix(1)': 0.5 },
      restartFrom: 'scratch',
      because: 'a smaller part of the new response damps its oscillation',
    },
  ],
  UNKNOWN_MODE_SYMMETRY: [
    {
      name: 'no-mode-symmetry',
      effect: 'path',
      limit: 1,
      set: { 'inputph.search_sym': false },
      restartFrom: 'scratch',
      because: 'modes need no names to have frequencies',
    },
  ],
  WRONG_REPRESENTATION: [
    {
      name: 'no-mode-symmetry',
      effect: 'path',
      limit: 1,
      set: { 'inputph.search_sym': false },
      restartFrom: 'scratch',
      because: 'modes need no names to have frequencies',
    },
  ],
  // what the user, the operator or a free disk must mend
  WRONG_ELECTRON_COUNT: [],
  INPUT_ERROR: [],
  INPUT_FILE_UNREADABLE: [],
  INCOMPATIBLE_FFT_GRID: [],
  PSEUDOPOTENTIAL_MISSING: [],
  MISSING_LIBRARY: [],
  DISK_FULL: [],
  LICENCE: [],
  OUTPUT_UNREADABLE: [],
  OUTPUT_INCOMPLETE: [RUN_AGAIN],
  UNKNOWN_FAILURE: [{ ...RUN_AGAIN, limit: 1 }],
}
