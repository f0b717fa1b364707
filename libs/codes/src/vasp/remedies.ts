import type { Remedy } from '../code-writes.ts'
import { goOn, MORE_MEMORY, moreTime, RUN_AGAIN } from '../writing/common-remedies.ts'

/** What VASP takes, or what we write, where nothing is said: scaling begins from it. */
export const DEFAULTS: Readonly<Record<string, number>> = {
  'incar.NELM': 100,
  'incar.NSW': 100,
  'incar.POTIM': 0.5,
  'incar.AMIN': 0.1,
  'incar.SYMPREC': 1e-5,
  'incar.AMIX': 0.4,
  'incar.BMIX': 1,
}

type Tags = Readonly<Record<string, string | number | boolean>>

/** A change of INCAR. The default effect is `path`: another way to the same result. */
function tags(name: string, set: Tags, because: string, over: Partial<Remedy> = {}): Remedy {
  return {
    name,
    effect: 'path',
    limit: 1,
    set: Object.fromEntries(Object.entries(set).map(([tag, value]) => [`incar.${tag}`, value])),
    restartFrom: 'scratch',
    because,
    ...over,
  }
}

const onwards = goOn('VASP goes on from its wave functions and its last geometry')
const davidson = tags('davidson', { ALGO: 'Normal' }, 'blocked Davidson is slower and surer than RMM-DIIS')
const allBands = tags('all-bands', { ALGO: 'All' }, 'conjugate gradients on all bands at once cannot lose one')
const damped = tags('damped', { ALGO: 'Damped', TIME: 0.5 }, 'damped dynamics of the wave functions goes slowly downhill')
const lessMixing = tags(
  'gentle-mixing',
  { AMIX: 0.2, BMIX: 0.0001, AMIX_MAG: 0.8, BMIX_MAG: 0.0001 },
  'linear mixing damps charge that sloshes to and fro',
)
const exactProjectors = tags('exact-projectors', { LREAL: false }, 'projectors in reciprocal space are exact', {
  effect: 'numerics',
})
const tighterSymmetry = tags('tighter-symmetry', { SYMPREC: 1e-6 }, 'symmetry is found with less tolerance', {
  effect: 'numerics',
})
const looserSymmetry = tags('looser-symmetry', { SYMPREC: 1e-4 }, 'symmetry is found with more tolerance', { effect: 'numerics' })
const noSymmetry = tags('without-symmetry', { ISYM: 0 }, 'without symmetry nothing must map the cell onto itself', {
  effect: 'numerics',
})
const finerGrid = tags('accurate', { PREC: 'Accurate', ADDGRID: true }, 'a finer grid has less drift and less aliasing', {
  effect: 'numerics',
})
const denserMesh: Remedy = {
  name: 'denser-mesh',
  effect: 'numerics',
  limit: 1,
  set: { kSpacingPerAngstrom: 0.22 },
  restartFrom: 'scratch',
  because: 'a metal needs more k points than a mesh for an insulator has',
}
const gammaCentred: Remedy = {
  name: 'gamma-centred',
  effect: 'numerics',
  limit: 1,
  set: { kScheme: 'gamma' },
  restartFrom: 'scratch',
  because: 'a mesh around Γ keeps the symmetry of every lattice',
}
const smallerSteps: Remedy = {
  name: 'smaller-steps',
  effect: 'path',
  limit: 2,
  scale: { 'incar.POTIM': 0.5 },
  restartFrom: 'geometry',
  because: 'smaller trial steps keep atoms from running into each other',
}
const conjugateGradient = tags('conjugate-gradient', { IBRION: 2 }, 'conjugate gradients need no good start', {
  restartFrom: 'geometry',
})
const noScalapack = tags(
  'without-scalapack',
  { LSCALAPACK: false },
  'the serial diagonalisation takes the place of the one that failed',
  { effect: 'none' },
)
const gaussian = tags('gaussian-smearing', { ISMEAR: 0, SIGMA: 0.05 }, 'tetrahedra need more k points than there are', {
  effect: 'model',
})
const fromGeometry = (name: string, because: string, over: Partial<Remedy> = {}): Remedy => ({
  name,
  effect: 'path',
  limit: 3,
  restartFrom: 'geometry',
  because,
  ...over,
})

/** Diagnosis → remedies, mildest first; kinds beside the shared ones are custodian's keys in capitals, and mostly its mends. */
export const REMEDIES: Readonly<Record<string, readonly Remedy[]>> = {
  ELECTRONIC_NOT_CONVERGED: [
    {
      name: 'more-scf-steps',
      effect: 'path',
      limit: 1,
      scale: { 'incar.NELM': 2 },
      restartFrom: 'charge-density',
      because: 'the density was on its way',
    },
    allBands,
    lessMixing,
    damped,
  ],
  IONIC_NOT_CONVERGED: [
    fromGeometry('continue-relaxation', 'the relaxation had not come to its end'),
    conjugateGradient,
    smallerSteps,
  ],
  OUT_OF_WALLTIME: [{ ...onwards, limit: 5 }, moreTime('checkpoint', 'one step did not fit into the wall time')],
  OUT_OF_MEMORY: [
    MORE_MEMORY,
    tags('one-k-group', { KPAR: 1 }, 'every group of k points holds its own copy', { effect: 'none' }),
  ],
  NODE_FAILURE: [{ ...onwards, name: 'continue-elsewhere', because: 'the node failed, not the calculation' }],
  PREEMPTED: [{ ...onwards, limit: 20, because: 'the batch system took the nodes away' }],
  NEVER_STARTED: [RUN_AGAIN],
  MPI_START_FAILED: [{ ...RUN_AGAIN, limit: 2 }],
  BUS_ERROR: [{ ...RUN_AGAIN, limit: 1 }],
  SEGMENTATION_FAULT: [{ ...RUN_AGAIN, limit: 1 }, MORE_MEMORY],
  KILLED: [{ ...RUN_AGAIN, limit: 1 }, MORE_MEMORY],
  FROZEN: [{ ...RUN_AGAIN, limit: 1 }, davidson],
  OUTPUT_INCOMPLETE: [RUN_AGAIN],
  UNKNOWN_FAILURE: [{ ...RUN_AGAIN, limit: 1 }],
  // wave functions
  EDDRMM: [davidson, fromGeometry('smaller-steps', 'smaller trial steps', { limit: 1, scale: { 'incar.POTIM': 0.5 } })],
  EDDDAV: [{ ...RUN_AGAIN, name: 'forget-density', limit: 1, because: 'the density that was read may be the fault' }, allBands],
  EDDIAG: [noScalapack, allBands],
  EDWAV: [allBands, davidson],
  SUBSPACEMATRIX: [noScalapack, davidson, exactProjectors],
  ZPOTRF: [smallerSteps, davidson, noSymmetry],
  ZHEEV: [tags('exact', { ALGO: 'Exact' }, 'the whole matrix is diagonalised at once')],
  PSSYEVX: [noScalapack, davidson],
  PDSYEVX: [noScalapack, davidson],
  PZSTEIN: [noScalapack],
  CNORMN: [davidson],
  COEF: [RUN_AGAIN],
  NICHT_KONV: [exactProjectors],
  REAL_OPTLAY: [exactProjectors],
  RSPHER: [exactProjectors],
  ALGO_TET: [gaussian],
  GRAD_NOT_ORTH: [
    tags('davidson', { ALGO: 'Normal', ISMEAR: 0 }, 'blocked Davidson does not need orthogonal gradients', { effect: 'model' }),
  ],
  HNFORM: [
    tags('without-symmetry', { ISYM: 0 }, 'the symmetry of the mesh need not be that of the cell', { effect: 'numerics' }),
  ],
  // density
  BRMIX: [tags('kerker-mixing', { IMIX: 1 }, 'Kerker mixing has no history that can go wrong'), gammaCentred, noSymmetry],
  DENTET: [gaussian],
  TET: [gaussian],
  TETIRR: [gammaCentred, gaussian],
  INCORRECT_SHIFT: [gammaCentred],
  AMIN: [tags('small-amin', { AMIN: 0.01 }, 'long cells need a small least mixing')],
  POSITIVE_ENERGY: [davidson, smallerSteps],
  LARGE_SIGMA: [tags('narrow-smearing', { SIGMA: 0.03 }, 'the entropy per atom was too large', { effect: 'model' })],
  KSPACING_METAL: [denserMesh],
  SCAN_METAL: [denserMesh],
  INCORRECT_SMEARING: [
    tags('metallic-smearing', { ISMEAR: 2, SIGMA: 0.2 }, 'forces of a metal need a smearing with occupations that vary', {
      effect: 'model',
    }),
  ],
  POTIM: [smallerSteps],
  LRF_COMM: [
    tags('finite-differences', { LPEAD: true }, 'derivatives with respect to k by finite differences', { effect: 'numerics' }),
  ],
  ALIASING: [finerGrid],
  SPIN_POLARIZED_HARRIS: [],
  // symmetry
  INV_ROT_MAT: [tighterSymmetry, noSymmetry],
  ROT_MATRIX: [gammaCentred, noSymmetry],
  PRICEL: [tags('strict-symmetry', { SYMPREC: 1e-8, ISYM: 0 }, 'no primitive cell is looked for', { effect: 'numerics' })],
  PRICELV: [tighterSymmetry, noSymmetry],
  BRAVAIS: [looserSymmetry, noSymmetry],
  SGRCON: [noSymmetry],
  POINT_GROUP: [noSymmetry],
  INVGRP: [noSymmetry],
  RHOSYG: [looserSymmetry, noSymmetry],
  POSMAP: [tighterSymmetry, noSymmetry],
  KSYMM: [looserSymmetry, noSymmetry],
  SYMPREC_NOISE: [tighterSymmetry],
  IBZKPT: [tighterSymmetry, noSymmetry],
  KPOINTS_TRANS: [noSymmetry],
  MESH_SYMMETRY: [gammaCentred],
  KSET_CHANGE: [noSymmetry],
  // ions
  ZBRENT: [
    fromGeometry('continue-relaxation', 'the line search begins anew from where it stopped', { limit: 2 }),
    tags('quasi-newton', { IBRION: 1 }, 'quasi-Newton steps need no line search', { restartFrom: 'geometry' }),
    fromGeometry('tighter-forces', 'forces of a tighter density are less noisy', {
      limit: 1,
      effect: 'numerics',
      set: { 'incar.EDIFF': 1e-7 },
    }),
  ],
  BRIONS: [conjugateGradient, smallerSteps],
  FEXCF: [smallerSteps],
  DRIFT: [finerGrid],
  ELF_KPAR: [tags('one-k-group', { KPAR: 1 }, 'ELF works with KPAR = 1 only', { effect: 'none' })],
  ELF_NCL: [],
  DFPT_NCORE: [tags('one-core-per-band', { NCORE: 1 }, 'response functions work with NCORE = 1 only', { effect: 'none' })],
  TOO_FEW_BANDS: [],
  NBANDS_NOT_SUFFICIENT: [],
  AUTO_NBANDS: [],
  // what the user or the operator must mend
  WRONG_ELECTRON_COUNT: [],
  INPUT_ERROR: [],
  PSEUDOPOTENTIAL_MISSING: [],
  MISSING_LIBRARY: [],
  DISK_FULL: [],
  LICENCE: [],
  READ_ERROR: [],
  TRIPLE_PRODUCT: [],
  GAMMA_ONLY_MISUSE: [
    {
      name: 'standard-executable',
      effect: 'none',
      limit: 1,
      set: { executable: 'standard' },
      restartFrom: 'scratch',
      because: 'vasp_gam knows Γ alone',
    },
  ],
  NON_COLLINEAR: [
    {
      name: 'noncollinear-executable',
      effect: 'none',
      limit: 1,
      set: { executable: 'noncollinear' },
      restartFrom: 'scratch',
      because: 'only vasp_ncl knows noncollinear spins',
    },
  ],
  OUTPUT_UNREADABLE: [],
}
