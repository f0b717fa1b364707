import { type Cause, inFile, type PeerTable } from './table.ts'

const WOUT =
  '             +---------------------------------------------------+\n             |                   WANNIER90                       |\n'
const exiting = (key: string, says: string, kind: string, file = 'x.wout'): Cause => ({
  key,
  file,
  said: ` Exiting.......\n ${says}`,
  evidence: ` ${says}`,
  kind,
})

export const AIIDA_WANNIER90: PeerTable = {
  peer: 'aiida-wannier90 2.1.0',
  code: 'wannier90',
  head: (file) => (file.endsWith('.wout') ? WOUT : ''),
  causes: [
    exiting('BVECTORS', 'Unable to satisfy B1 with any of the first 36 shells', 'BVECTORS'),
    exiting('BVECTORS', 'kmesh_get_bvector: Not enough bvectors found', 'BVECTORS'),
    exiting('BVECTORS', 'kmesh_get: something wrong, found too many nearest neighbours', 'BVECTORS'),
    exiting(
      'DISENTANGLEMENT_NOT_ENOUGH_STATES',
      'Energy window contains fewer states than number of target WFs, consider reducing dis_proj_min/increasing dis_win_max?',
      'DISENTANGLEMENT_NOT_ENOUGH_STATES',
    ),
    exiting('PLOT_WF_CUBE', 'Error plotting WF cube. Try one of the following:', 'PLOT_WF_CUBE'),
    exiting(
      'EXITING_MESSAGE_IN_STDOUT',
      'dis_windows: More states in the frozen window than target WFs',
      'DISENTANGLEMENT_FROZEN_WINDOW',
    ),
    exiting('EXITING_MESSAGE_IN_STDOUT', 'param_get_projection: Problem reading m state into string', 'INPUT_ERROR'),
    exiting('EXITING_MESSAGE_IN_STDOUT', 'Error: Problem opening input file x.amn', 'INPUT_FILE_MISSING'),
    {
      key: 'OUTPUT_STDOUT_INCOMPLETE',
      file: 'x.wout',
      said: '  Number of Wannier Functions  :  8',
      kind: 'OUTPUT_INCOMPLETE',
      evidence: null,
    },
    { key: 'WERR_FILE_PRESENT', file: 'x.werr', said: ' param_read: mp_grid must be specified', kind: 'INPUT_ERROR' },
    {
      key: 'WERR_FILE_PRESENT',
      file: 'x.node_00001.werr',
      said: ' something that nobody has seen before',
      kind: 'WERR_FILE_PRESENT',
    },
  ],
  elsewhere: [['NO_RETRIEVED_FOLDER, OUTPUT_STDOUT_MISSING', 'a kept file that is not there: OUTPUT_INCOMPLETE with its name']],
}

const CRYSTAL_HEAD =
  '\n *******************************************************************************\n *                               CRYSTAL17                                     *\n *                      public : 1.0.2 - May 9th, 2018                         *\n *******************************************************************************\n'
const stop = (key: string, routine: string, says: string, kind: string): Cause => ({
  key,
  file: 'main.out',
  said: ` ERROR **** ${routine} **** ${says}`,
  kind,
})

export const AIIDA_CRYSTAL: PeerTable = {
  peer: 'aiida-crystal17 0.11.0 and aiida-crystal-dft 0.9.4',
  code: 'crystal',
  head: (file) => (file === 'main.out' ? CRYSTAL_HEAD : ''),
  causes: [
    stop('CRYSTAL_INPUT', 'READ', 'END OF DATA IN INPUT DECK', 'CRYSTAL_INPUT'),
    stop('CRYSTAL_INPUT', 'READ', 'FORMAT ERROR IN INPUT DECK', 'CRYSTAL_INPUT'),
    stop('CRYSTAL_INPUT', 'EXTPRT', 'GEOMETRY DATA FILE NOT FOUND', 'CRYSTAL_INPUT'),
    ...inFile('main.out', [
      ['WAVEFUNCTION_NOT_FOUND', 'Wavefunction file can not be found', 'WAVEFUNCTION_NOT_FOUND'],
      ['SCF_ABNORMAL_END', ' SCF abnormal end', 'SCF_ABNORMAL_END'],
      ['MPI_ABORT', 'application called MPI_Abort(MPI_COMM_WORLD, 1) - process 0', 'MPI_ABORT'],
      ['UNCONVERGED_GEOMETRY', ' CONVERGENCE TESTS UNSATISFIED AFTER 100 CYCLES', 'UNCONVERGED_GEOMETRY'],
      ['OUT_OF_MEMORY', '=>> PBS: job killed: mem 1234567kb exceeded limit 1234560kb', 'OUT_OF_MEMORY'],
      ['OUT_OF_VMEMORY', '=>> PBS: job killed: vmem 1234567kb exceeded limit 1234560kb', 'OUT_OF_MEMORY'],
      ['OUT_OF_WALLTIME', '=>> PBS: job killed: walltime 3636 exceeded limit 3600', 'OUT_OF_WALLTIME'],
    ]),
    {
      key: 'UNCONVERGED_SCF, SCF_FAILED',
      file: 'main.out',
      said: ' == SCF ENDED - TOO MANY CYCLES      E(AU) -1.1400000000000E+01 CYCLES  50',
      kind: 'UNCONVERGED_SCF',
    },
    {
      key: 'UNCONVERGED_GEOMETRY',
      file: 'main.out',
      said: ' * OPT END - FAILED * E(AU):  -1.140000000000E+01  POINTS   50 *',
      kind: 'UNCONVERGED_GEOMETRY',
    },
    stop('UNCONVERGED_SCF, SCF_FAILED', 'SCF', 'SCF FAILED', 'UNCONVERGED_SCF'),
    stop('SCF_FAILED', 'TOTENY', 'TOO MANY ITERATIONS', 'UNCONVERGED_SCF'),
    stop('UNCONVERGED_GEOMETRY, GEOMETRY_OPTIMIZATION_FAILED', 'OPTGEO', 'GEOMETRY OPTIMIZATION FAILED', 'UNCONVERGED_GEOMETRY'),
    stop('BASIS_SET_LINEARLY_DEPENDENT', 'CHOLSK', 'BASIS SET LINEARLY DEPENDENT', 'BASIS_SET_LINEARLY_DEPENDENT'),
    stop('UNIT_CELL_NOT_NEUTRAL', 'INPBAS', 'UNIT CELL NOT NEUTRAL', 'UNIT_CELL_NOT_NEUTRAL'),
    stop('SHELL_SYMMETRY_ERROR', 'INPBAS', 'TOO MANY OPEN SHELLS OF THE SAME SYMMETRY', 'SHELL_SYMMETRY_ERROR'),
    stop('CHEMMOD_ERROR', 'CHEMOD', 'TOO MANY ELECTRONS IN ATOM   3', 'CHEMMOD_ERROR'),
    stop('NEIGHBOR_LIST_TOO_BIG', 'NEIGHB', 'NEIGHBOR LIST TOO BIG', 'NEIGHBOR_LIST_TOO_BIG'),
    stop('NO_G_VECTORS', 'GSLATT', 'ALL G-VECTORS USED', 'NO_G_VECTORS'),
    stop('GEOMETRY_COLLAPSED', 'SMALLDIST', 'SMALL INTERATOMIC DISTANCE', 'GEOMETRY_COLLAPSED'),
    stop('CLOSED_SHELL_SPIN', 'INPUT', 'CLOSED SHELL RUN-SPIN POLARIZATION NOT ALLOWED', 'CLOSED_SHELL_SPIN'),
    stop(
      'HESSIAN_PARAMETERS_NOT_DEFINED',
      'MODHES',
      'PARAMETERS FOR MODEL HESSIAN NOT DEFINED',
      'HESSIAN_PARAMETERS_NOT_DEFINED',
    ),
    stop('FERMI_ENERGY', 'FERMI', 'FERMI ENERGY NOT IN INTERVAL', 'FERMI_ENERGY'),
    stop('MADELUNG_SUMS', 'MADEL2', 'INSUFFICIENT INDICES FOR RECIPROCAL SPACE SUMS', 'MADELUNG_SUMS'),
    stop('ALLOCATION', 'CRYALLOC', 'ALLOCATION ERROR', 'OUT_OF_MEMORY'),
    stop('CRYSTAL_RUN, ERROR_UNKNOWN', 'XYZ', 'SOMETHING NOBODY HAS SEEN', 'CRYSTAL_RUN'),
    {
      key: 'REOPTIMIZATION_NEEDED',
      file: 'main.out',
      said: ' WARNING!! FORCE   1 AT CENTRAL POINT IS GREATER THAN THE THRESHOLD',
      kind: 'ELASTIC_NEEDS_OPTIMISATION',
    },
    {
      key: 'the same texts',
      file: 'fort.87',
      said: ' ERROR **** CHOLSK **** BASIS SET LINEARLY DEPENDENT',
      kind: 'BASIS_SET_LINEARLY_DEPENDENT',
    },
  ],
  elsewhere: [
    [
      'NO_RETRIEVED_FOLDER, OUTPUT_FILE_MISSING, TEMP_FOLDER_MISSING, PARSING_STDOUT, PARSING_OPTIMISATION_GEOMTRIES, TESTGEOM_DIRECTIVE, DENSITY_FILE_MISSING, ISOVALUE_FILE_MISSING, PPAN_FILE_MISSING',
      'about AiiDA’s own retrieval and parsing; a missing output is OUTPUT_INCOMPLETE, one that cannot be read OUTPUT_UNREADABLE',
    ],
    [
      'SYMMETRY_INCONSISTENCY, SYMMETRY_NOT_FOUND',
      'AiiDA compares its own symmetry with the output’s; we never hand symmetry over',
    ],
  ],
}

const LOG = ' <---> P1: [01] MPI/OPENMP structure, Files & I/O Directories\n <04s> P1: [02] CORE Variables Setup\n'
const REPORT =
  ' yambo-code.org\n Version 5.2.0 Revision 22500 Hash 1\n Cores           :  8\n [01] MPI/OPENMP structure, Files & I/O Directories\n'

/** What `error.F` writes: a line that names the section, then the reason. */
const inLog = (key: string, says: string, kind: string, file = 'l-x'): Cause => ({
  key,
  file,
  said: ` <05s> P1: [ERROR] STOP signal received while in[04] Dynamic Dielectric Matrix (PPA)\n <05s> P1: [ERROR]${says}`,
  evidence: ` <05s> P1: [ERROR]${says}`,
  kind,
})

export const AIIDA_YAMBO: PeerTable = {
  peer: 'aiida-yambo 1.3.0 and yambopy 0.7.1',
  code: 'yambo',
  head: (file) => (file.startsWith('r-') ? REPORT : LOG),
  causes: [
    inLog('MEMORY_ERROR', 'Allocation of X%mat failed', 'OUT_OF_MEMORY'),
    inLog('X_par_MEMORY_ERROR', 'Allocation of X_par%blc_d failed', 'OUT_OF_MEMORY'),
    inLog('PARA_ERROR', 'Incomplete response function parallelization', 'YAMBO_PARALLEL_SETUP'),
    inLog('PARA_ERROR', 'Impossible to define an appropriate parallel structure', 'YAMBO_PARALLEL_SETUP'),
    inLog(
      'PARA_ERROR',
      'USER parallel structure does not fit the current run parameters. Define it properly',
      'YAMBO_PARALLEL_SETUP',
    ),
    inLog('NO_SUCCESS', '[NetCDF] NetCDF: HDF error', 'YAMBO_DATABASE'),
    inLog('NO_SUCCESS', 'Missing cond bands: X is greater than those available', 'INPUT_ERROR'),
    inLog('[ERROR]', ' something that nobody has seen', 'YAMBO_ERROR'),
    {
      key: 'STOP',
      file: 'l-x',
      said: ' <05s> P1: [ERROR] STOP signal received while in[04] Dynamic Dielectric Matrix (PPA)',
      kind: 'YAMBO_STOP_SIGNAL',
    },
    {
      key: '[ERROR]',
      file: 'r-x',
      said: ' [ERROR] STOP signal received while in[06] Bare local and non-local Exchange-Correlation\n [ERROR]Allocation of WF failed',
      evidence: ' [ERROR]Allocation of WF failed',
      kind: 'OUT_OF_MEMORY',
    },
    {
      key: 'WALLTIME_ERROR',
      file: 'l-x',
      said: '=>> PBS: job killed: walltime 3636 exceeded limit 3600',
      kind: 'OUT_OF_WALLTIME',
    },
    {
      key: 'MEMORY_ERROR',
      file: 'l-x',
      said: 'slurmstepd: error: Detected 1 oom-kill event(s) in StepId=1.0',
      kind: 'OUT_OF_MEMORY',
    },
    {
      key: 'MEMORY_ERROR (segmentation, dumped)',
      file: 'l-x',
      said: 'forrtl: severe (174): SIGSEGV, segmentation fault occurred',
      kind: 'SEGMENTATION_FAULT',
    },
    { key: 'game_over', file: 'r-x', said: ' [02] CORE Variables Setup', kind: 'OUTPUT_INCOMPLETE', evidence: null },
  ],
  elsewhere: [['NO_RETRIEVED_FOLDER, PARSER_ANOMALY', 'about AiiDA’s own retrieval and parsing']],
}
