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
  MPI_ABORT: 'look at job.err for the rank that aborted first, then retry it',
  MISSING_LIBRARY: 'load the module in the cluster’s set-up lines, or register the program’s full path',
  PSEUDOPOTENTIAL_MISSING: 'put the file into the folder of pseudopotentials and run "crystalmath cluster check"',
  PSEUDOPOTENTIAL_CHANGED: 'run "crystalmath cluster check", so that what is there now is known, and submit it again',
  SUBMISSION_REFUSED: 'change what the scheduler names: partition, account, walltime, memory or cores',
  FROZEN: 'retry it on another node; if it stops at the same step again, change the algorithm',
  CANCELLED: 'retry it if it was cancelled by mistake',
}

/** Causes of one code alone that no rule mends. */
const HELP_OF_CODES: Readonly<Record<string, string>> = {
  // VASP
  TOO_FEW_BANDS: 'raise NBANDS by a tenth or more',
  NBANDS_NOT_SUFFICIENT: 'raise NBANDS above half of the number of electrons, and a multiple of the cores per band group',
  AUTO_NBANDS: 'ask for fewer cores, or a number that divides NBANDS',
  TRIPLE_PRODUCT: 'swap two lattice vectors: they must form a right-handed set',
  ELF_NCL: 'switch LELF off: ELF is for collinear runs alone',
  SET_CORE_WF: 'use a newer release of the POTCAR of this element',
  READ_ERROR: 'mend the tag of the INCAR that is named',
  SPIN_POLARIZED_HARRIS: 'set NSW = 0: a fixed density (ICHARG > 10) drives no ions',
  NO_POTIM: 'set POTIM, the time step of the dynamics',
  ALIASING_INCAR: 'leave NGX, NGY and NGZ to VASP',
  DENMP: 'use a smaller SIGMA or another ISMEAR',
  PSMAXN: 'use LREAL = .FALSE., or a larger cell',
  FOCK_ACC: 'use fewer cores per band group, and KPAR that divides the k points',
  NPT_NOT_SUPPORTED_BY_BINARY: 'use a VASP that was compiled with -Dtbdyn',
  NOSTART: 'look at job.err: the launcher did not get as far as VASP',
  // Quantum ESPRESSO
  NEB_CYCLE_EXCEEDED_NSTEP: 'go on from the last path with more steps (nstep_path)',
  NIMAGE_HIGHER_THAN_NPROC: 'ask for at least as many ranks as images (-nimage)',
  NIMAGE_NOT_DIVISOR_OF_NPROC: 'let the ranks be a multiple of the images (-nimage)',
  NIMAGE_HIGHER_THAN_IMAGES: 'let -nimage be at most the number of moving images',
  INPUT_FILE_UNREADABLE: 'run the calculation before it again, and look whether its outdir and prefix are the same',
  INCOMPATIBLE_FFT_GRID: 'let nr1, nr2 and nr3 fit the fractional translations, or describe the lattice by ibrav',
  OUTPUT_ABSORBING_SPECIES_WRONG: 'let xiabs name the species with the core hole',
  OUTPUT_ABSORBING_SPECIES_ZERO: 'let xiabs be from 1 to ntyp',
  FERMI_SHIFT: 'raise the cut-off, and use fixed occupations for an insulator',
  INCORRECT_ORDER_ATOMIC_POSITIONS: 'put the atoms with Hubbard parameters first',
  MISSING_PERTURBATION_FILE: 'run the perturbation that is missing',
  MISSING_CHI_MATRICES: 'run the perturbations of the atoms that are missing',
  STOPPED_BY_REQUEST: 'retry it: somebody put an EXIT file there',
  // ORCA
  BASIS_MISSING: 'choose a basis set that has the element that is named, or give it one of its own',
  FILE_MISSING: 'let the job keep the file that is named, or begin without it',
  EXCITED_STATES_NOT_CONVERGED:
    'ask for more roots than are wanted, more iterations, and check the stability of the ground state',
  // CRYSTAL
  CRYSTAL_INPUT: 'look for a missing END or a number too few in the input deck',
  UNIT_CELL_NOT_NEUTRAL: 'check the charges of the shells in the basis sets against the atoms',
  BASIS_SET_LINEARLY_DEPENDENT: 'remove the most diffuse functions, or tighten the first two numbers of TOLINTEG',
  GEOMETRY_COLLAPSED: 'check units and symmetry of the geometry: two atoms are too close',
  SHELL_SYMMETRY_ERROR: 'spread the electrons over shells of other symmetry in the basis set, or use CHEMOD',
  CHEMMOD_ERROR: 'let the electrons of CHEMOD fit the shells of the atom',
  NEIGHBOR_LIST_TOO_BIG: 'look for atoms that are too close, or loosen TOLINTEG',
  NO_G_VECTORS: 'raise the number of reciprocal vectors (BIPOSIZE, EXCHSIZE), or tighten TOLINTEG less',
  CLOSED_SHELL_SPIN: 'ask for an unrestricted run (SPIN, UHF) before initial moments',
  HESSIAN_PARAMETERS_NOT_DEFINED: 'begin the optimisation with a unit Hessian (HESSIDEN)',
  FERMI_ENERGY: 'use a denser SHRINK mesh, and a smearing for a metal',
  MADELUNG_SUMS: 'check that the cell is neutral and not extremely elongated',
  ELASTIC_NEEDS_OPTIMISATION: 'optimise the structure with tighter thresholds first',
  CRYSTAL_RUN: 'look up the routine that is named in the manual’s list of errors',
  // Wannier90
  DISENTANGLEMENT_NOT_ENOUGH_STATES: 'raise dis_win_max: the window holds fewer states than Wannier functions',
  DISENTANGLEMENT_FROZEN_WINDOW: 'lower dis_froz_max: it freezes more states than there are Wannier functions',
  PLOT_WF_CUBE: 'plot in a larger supercell (wannier_plot_supercell), or in the format xcrysden',
  INPUT_FILE_MISSING: 'run pw2wannier90.x again, and keep its files beside the input',
  WERR_FILE_PRESENT: 'look at the line that is quoted, and at the end of the .wout file',
  EXITING_MESSAGE_IN_STDOUT: 'look at the line that is quoted',
  // YAMBO
  YAMBO_PARALLEL_SETUP: 'let the product of the CPU roles be the number of ranks, or leave the roles out',
  YAMBO_DATABASE: 'run p2y and the set-up again, or remove the database that is named',
  YAMBO_NOT_CONVERGED: 'give it more iterations or a denser frequency grid',
  YAMBO_STOP_SIGNAL: 'look at the logs of the other ranks for the reason',
  YAMBO_ERROR: 'look at the line that is quoted, and at the logs of the other ranks',
}

const ALL = { ...HELP, ...HELP_OF_CODES }

/** Null where the kind is a code's own and its remedies say what helps. */
export const whatHelps = (kind: Diagnosis['kind']): string | null => (Object.hasOwn(ALL, kind) ? (ALL[kind] ?? null) : null)
