import { type Cause, inFile, type PeerTable } from './table.ts'

const HEAD =
  '                                 *****************\n                                 * O   R   C   A *\n                                 *****************\n'
const STOPPED = 'ORCA finished by error termination in'

const OUTPUT: readonly Cause[] = inFile('orca.out', [
  // memory
  ['OUT_OF_MEMORY', 'Error (ORCA_SCF): Not enough memory available!', 'OUT_OF_MEMORY'],
  ['OUT_OF_MEMORY', '       ====>        Please increase MaxCore to more than:   289 MB', 'OUT_OF_MEMORY'],
  ['OUT_OF_MEMORY', '     Please increase MaxCore - by at least ( 9717.9 MB)', 'OUT_OF_MEMORY'],
  ['OUT_OF_MEMORY', 'ERROR - OUT OF MEMORY !!!', 'OUT_OF_MEMORY'],
  ['OUT_OF_MEMORY', ' OUT OF MEMORY ERROR! ', 'OUT_OF_MEMORY'],
  ['OUT_OF_MEMORY', 'ERROR (SHARK/DRIVER/SYM): Out of memory!', 'OUT_OF_MEMORY'],
  ['OUT_OF_MEMORY', 'Error (ORCA_MDCI): out of memory in KCcor_MO2', 'OUT_OF_MEMORY'],
  ['OUT_OF_MEMORY', 'Error (DLPNO-MP2): Insufficient memory available!', 'OUT_OF_MEMORY'],
  ['OUT_OF_MEMORY', 'Error (RI-MP2-RESPONSE): insufficient memory (need 1200.0 MB more)', 'OUT_OF_MEMORY'],
  ['OUT_OF_MEMORY', 'Error  (ORCA_CIS): Memory allocation failed', 'OUT_OF_MEMORY'],
  ['OUT_OF_MEMORY', 'cannot allocate memory for cache, abort', 'OUT_OF_MEMORY'],
  ['OUT_OF_MEMORY', 'Error: Not a single batch is possible with the present MaxCore', 'OUT_OF_MEMORY'],
  // parallel
  ['cpu', 'Error (ORCA_MDCI): Number of processes (16) in parallel calculation exceeds number of pairs (10)', 'TOO_MANY_CORES'],
  ['cpu', 'Error (ORCA_MDCI): Number of processes in parallel calculation exceeds number of pairs', 'TOO_MANY_CORES'],
  ['mpi', '[btl_tcp.c:559] recv(23) failed: Connection reset by peer (104)', 'NODE_FAILURE'],
  ['mpi', 'ORTE has lost communication with a remote daemon.', 'NODE_FAILURE'],
  ['mpi', 'mpirun was unable to launch the specified application as it could not access', 'MPI_START_FAILED'],
  [
    'mpi',
    'mpirun noticed that process rank 3 with PID 0 on node c1 exited on signal 11 (Segmentation fault).',
    'SEGMENTATION_FAULT',
  ],
  // input
  ['syntax', 'UNRECOGNIZED OR DUPLICATED KEYWORD(S) IN SIMPLE INPUT LINE', 'INPUT_ERROR'],
  ['syntax', 'Error : multiplicity (1) is odd and number of electrons (235) is odd -> impossible', 'INPUT_ERROR'],
  ['syntax', 'ERROR: Unknown identifier in SCF block', 'INPUT_ERROR'],
  ['syntax', 'Unknown identifier in MAIN block', 'INPUT_ERROR'],
  ['syntax', 'Invalid assignment in the METHOD block', 'INPUT_ERROR'],
  ['syntax', '  Unrecognized symbol in GEOM block', 'INPUT_ERROR'],
  ['syntax', '\t Unknown error in GEOM block - check syntax! ', 'INPUT_ERROR'],
  ['syntax', 'ERROR: expect a $, !, % or * in the input', 'INPUT_ERROR'],
  ['syntax', 'Element name/number, dummy atom or point charge expected in COORDS', 'INPUT_ERROR'],
  ['syntax', 'ERROR: found a coordinate definition', 'INPUT_ERROR'],
  ['syntax', 'ERROR: found a coordinate defintion', 'INPUT_ERROR'],
  ['syntax', 'You must have a basis set', 'INPUT_ERROR'],
  ['syntax', 'Zero distance between atoms 61 and 20', 'INPUT_ERROR'],
  ['syntax', 'Zero distance encountered between atoms 61 and 20', 'INPUT_ERROR'],
  ['syntax', 'Error: XYZ File reading requested but the structure file cannot be opened', 'INPUT_ERROR'],
  ['file', 'Cannot open input file: x.inp', 'FILE_MISSING'],
  ['file', 'CANNOT OPEN FILE x.gbw', 'FILE_MISSING'],
  ['file', 'Error: Could not open x.gbw', 'FILE_MISSING'],
  // basis sets
  ['basis', ' ** There are no CABS   basis functions on atom number   2 (Br) **', 'BASIS_MISSING'],
  ['basis', 'There is no basis function on atom 3 (U)', 'BASIS_MISSING'],
  ['basis', 'The basis set was either not assigned or not available for this element', 'BASIS_MISSING'],
  ['basis', 'Basis not recognized', 'BASIS_MISSING'],
  ['basis', 'Requested ECP not available for U', 'BASIS_MISSING'],
  ['basis', 'Error: Number of NGauss expected', 'BASIS_MISSING'],
  // convergence
  ['scf', '                  This wavefunction IS NOT FULLY CONVERGED!', 'ELECTRONIC_NOT_CONVERGED'],
  ['scf', 'This wavefunction IS NOT CONVERGED!', 'ELECTRONIC_NOT_CONVERGED'],
  ['scf', '               *           SCF NOT CONVERGED AFTER 125 CYCLES          *', 'ELECTRONIC_NOT_CONVERGED'],
  ['scf', 'Diagonalization failure because of NANs in input matrix', 'SCF_DIVERGED'],
  ['casscf', 'ERROR (ORCA_CASSCF): Convergence Failure.', 'ELECTRONIC_NOT_CONVERGED'],
  ['cpscf', 'ERROR CODE RETURNED FROM CP-SCF PROGRAM', 'CPSCF_NOT_CONVERGED'],
  ['cpscf', 'Solution of the CP-SCF equations NOT converged', 'CPSCF_NOT_CONVERGED'],
  ['cis', 'Error (ORCA_CIS): The RPA/TD-DFT iterations DID NOT CONVERGE', 'EXCITED_STATES_NOT_CONVERGED'],
  ['opt', '    The optimization did not converge but reached the maximum number of', 'IONIC_NOT_CONVERGED'],
  // disk
  ['disk', 'COULD NOT WRITE TO DISK', 'DISK_FULL'],
  ['disk', '[file orca_tools/qcmsg.cpp, line 394]: No space left on device', 'DISK_FULL'],
]).map((cause) => ({ ...cause, said: `${cause.said}\n${STOPPED} SCF` }))

/** Terminations without a reason: the module is the kind. */
const MODULES: readonly Cause[] = [
  'SCF',
  'GTOInt',
  'MDCI',
  'CASSCF',
  'CIS',
  'SCF gradient',
  'SCF RESPONSE',
  'NUMFREQ',
  'LEANSCF',
  'PROPERTIES',
  'Startup',
].map(
  (module): Cause => ({
    key: `termination in ${module}`,
    file: 'orca.out',
    said: `${STOPPED} ${module}`,
    kind: module.toUpperCase().replace(' ', '_'),
  }),
)

export const ORCA: PeerTable = {
  peer: 'terminations of ORCA 4 to 6, as ARC, ASH, cclib and users’ tools look for them',
  code: 'orca',
  head: (file) => (file === 'orca.out' ? HEAD : ''),
  causes: [
    ...OUTPUT,
    ...MODULES,
    { key: '(cut off)', file: 'orca.out', said: 'Leaving the integrals', kind: 'OUTPUT_INCOMPLETE', evidence: null },
  ],
}
