import { type Cause, inFile, type PeerTable } from './table.ts'

const ROW = ' %%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%'

const BANNERS: Readonly<Record<string, string>> = {
  'pw.out': 'PWSCF',
  'ph.out': 'PHONON',
  'q2r.out': 'Q2R',
  'matdyn.out': 'MATDYN',
  'dos.out': 'DOS',
  'projwfc.out': 'PROJWFC',
  'bands.out': 'BANDS',
  'pp.out': 'POST-PROC',
  'cp.out': 'CP',
  'neb.out': 'NEB',
  'open_grid.out': 'OPEN_GRID',
  'pw2wannier.out': 'PW2WANNIER',
  'xspectra.out': 'XSpectra',
  'hp.out': 'HP',
}
const head = (file: string): string =>
  file in BANNERS
    ? `\n     Program ${BANNERS[file]} v.7.2 starts on  1Jan2026 at 10: 0: 0 \n\n     Parallel version (MPI), running on     4 processors\n\n`
    : ''

/** An error block as `errore` writes it; its first line below the row of `%` is the evidence. */
const blocks = (
  file: string,
  rows: readonly (readonly [key: string, routine: string, says: string, kind: string])[],
): readonly Cause[] =>
  rows.map(([key, routine, says, kind]) => ({
    key,
    file,
    kind,
    said: `${ROW}\n     Error in routine ${routine} (1):\n     ${says}\n${ROW}\n\n     stopping ...`,
    evidence: `Error in routine ${routine}`,
  }))

const incomplete = (file: string): Cause => ({
  key: 'OUTPUT_STDOUT_INCOMPLETE',
  file,
  said: '     the output ends here, without its last words',
  kind: 'OUTPUT_INCOMPLETE',
  evidence: null,
})

const ITERATION = `     Self-consistent Calculation

     iteration #  1     ecut=    30.00 Ry     beta= 0.70
     total energy              =     -15.80000000 Ry
     estimated scf accuracy    <       0.06376674 Ry
`

const PW: readonly Cause[] = [
  ...inFile('pw.out', [['OUT_OF_WALLTIME', '     Maximum CPU time exceeded', 'OUT_OF_WALLTIME']]),
  {
    key: 'OUT_OF_WALLTIME_INTERRUPTED',
    file: 'pw.out',
    said: '     Maximum CPU time exceeded\n\n     max_seconds     =       60.00',
    kind: 'OUT_OF_WALLTIME',
  },
  {
    key: 'ELECTRONIC_CONVERGENCE_NOT_REACHED, 710 where scf_must_converge is false',
    file: 'pw.out',
    said: `${ITERATION}     End of self-consistent calculation\n\n     convergence NOT achieved after   1 iterations: stopping\n\n   JOB DONE.`,
    kind: 'ELECTRONIC_NOT_CONVERGED',
    evidence: '     convergence NOT achieved',
  },
  {
    key: 'IONIC_CYCLE_ELECTRONIC_CONVERGENCE_NOT_REACHED',
    file: 'pw.out',
    said: `     nstep                     =           50\n${ITERATION}     End of self-consistent calculation\n\n     convergence NOT achieved after   1 iterations: stopping`,
    kind: 'ELECTRONIC_NOT_CONVERGED',
    evidence: '     convergence NOT achieved',
  },
  ...inFile('pw.out', [
    [
      'IONIC_CYCLE_BFGS_HISTORY_FAILURE',
      '     history already reset at previous step: stopping',
      'IONIC_CYCLE_BFGS_HISTORY_FAILURE',
    ],
    ['QR_FAILED', '     [Q, R] = qr(X, 0) failed', 'QR_FAILED'],
    ['G_PAR', '     probably because G_par is NOT a reciprocal lattice vector', 'G_PAR'],
  ]),
  {
    key: 'IONIC_CONVERGENCE_NOT_REACHED',
    file: 'pw.out',
    said: '     bfgs failed after  12 scf cycles and  10 bfgs steps, convergence not achieved',
    kind: 'IONIC_NOT_CONVERGED',
  },
  {
    key: 'IONIC_CYCLE_EXCEEDED_NSTEP',
    file: 'pw.out',
    said: '     BFGS Geometry Optimization\n\n     The maximum number of steps has been reached.\n\n     End of BFGS Geometry Optimization',
    kind: 'IONIC_NOT_CONVERGED',
    evidence: '     The maximum number of steps has been reached.',
  },
  {
    key: 'IONIC_INTERRUPTED_PARTIAL_TRAJECTORY',
    file: 'pw.out',
    said: `     BFGS Geometry Optimization\n${ITERATION}`,
    kind: 'IONIC_INTERRUPTED_PARTIAL_TRAJECTORY',
    evidence: null,
  },
  ...blocks('pw.out', [
    ['CHARGE_IS_WRONG', 'electrons', 'charge is wrong: smearing is needed', 'CHARGE_IS_WRONG'],
    ['SYMMETRY_NON_ORTHOGONAL_OPERATION', 'checkallsym', 'not orthogonal operation', 'SYMMETRY_NON_ORTHOGONAL_OPERATION'],
    ['COMPUTING_CHOLESKY', 'cdiaghg', 'problems computing cholesky', 'COMPUTING_CHOLESKY'],
    ['COMPUTING_CHOLESKY', 'rdiaghg', 'problems computing cholesky decomposition', 'COMPUTING_CHOLESKY'],
    [
      'DEXX_IS_NEGATIVE',
      'electrons',
      'dexx is negative!  Check that exxdiv_treatment is appropriate for the system,',
      'DEXX_IS_NEGATIVE',
    ],
    [
      'DIAGONALIZATION_TOO_MANY_BANDS_NOT_CONVERGED',
      'c_bands',
      'too many bands are not converged',
      'DIAGONALIZATION_TOO_MANY_BANDS_NOT_CONVERGED',
    ],
    ['S_MATRIX_NOT_POSITIVE_DEFINITE', 'cdiaghg', 'S matrix not positive definite', 'S_MATRIX_NOT_POSITIVE_DEFINITE'],
    ['ZHEGVD_FAILED', 'ppcg', 'zhegvd failed', 'ZHEGVD_FAILED'],
    ['EIGENVECTOR_CONVERGENCE', 'cdiaghg', 'eigenvectors failed to converge', 'EIGENVECTOR_CONVERGENCE'],
    ['BROYDEN_FACTORIZATION', 'broyden', 'factorization', 'BROYDEN_FACTORIZATION'],
    [
      'RADIAL_FFT_SIGNIFICANT_VOLUME_CONTRACTION',
      'scale_h',
      'Not enough space allocated for radial FFT: try restarting with a larger cell_factor.',
      'RADIAL_FFT_SIGNIFICANT_VOLUME_CONTRACTION',
    ],
    ['NPOOLS_TOO_HIGH', 'divide_et_impera', 'some nodes have no k-points', 'NPOOLS_TOO_HIGH'],
    ['NPOOLS_TOO_HIGH', 'mp_start_pools', 'invalid number of pools, out of range', 'NPOOLS_TOO_HIGH'],
    ['(input)', 'setup', 'too few bands', 'INPUT_ERROR'],
    ['(input)', 'check_atoms', 'overlapping atoms', 'INPUT_ERROR'],
    [
      '(input)',
      'read_namelists',
      'bad line in namelist &system: "ecutwf=30" (error could be in the previous line)',
      'INPUT_ERROR',
    ],
    ['(pseudopotential)', 'readpp', 'file ./pseudo/Si.UPF not found', 'PSEUDOPOTENTIAL_MISSING'],
    ['(disk)', 'davcio', 'error while writing from file "./out/x.wfc1"', 'DISK_FULL'],
  ]),
  incomplete('pw.out'),
  {
    key: 'OUTPUT_XML_READ, OUTPUT_XML_PARSE, OUTPUT_XML_FORMAT',
    file: 'data-file-schema.xml',
    said: '<?xml version="1.0" encoding="UTF-8"?>\n<qes:espresso xmlns:qes="http://www.quantum-espresso.org/ns/qes/qes-1.0">\n  <output>',
    kind: 'OUTPUT_INCOMPLETE',
    evidence: null,
  },
]

const PHONONS: readonly Cause[] = [
  ...inFile('ph.out', [['OUT_OF_WALLTIME', '     Maximum CPU time exceeded', 'OUT_OF_WALLTIME']]),
  ...blocks('ph.out', [
    ['CONVERGENCE_NOT_REACHED', 'phqscf', 'No convergence has been achieved', 'CONVERGENCE_NOT_REACHED'],
    ['COMPUTING_CHOLESKY', 'cdiaghg', 'problems computing cholesky', 'COMPUTING_CHOLESKY'],
    ['INCOMPATIBLE_FFT_GRID', 'phq_setup', 'FFT grid incompatible with symmetry', 'INCOMPATIBLE_FFT_GRID'],
    ['WRONG_REPRESENTATION', 'set_irr_sym_new', 'wrong representation', 'WRONG_REPRESENTATION'],
    ['UNKNOWN_MODE_SYMMETRY', 'find_mode_sym_new', 'unknown mode symmetry', 'UNKNOWN_MODE_SYMMETRY'],
    ['COMPUTING_DIAGONALIZATION', 'cdiagh', 'diagonalization (ZHEEV*) failed', 'COMPUTING_DIAGONALIZATION'],
  ]),
  incomplete('ph.out'),
  incomplete('q2r.out'),
  incomplete('matdyn.out'),
]

const AFTERWARDS: readonly Cause[] = [
  ...['dos.out', 'projwfc.out', 'bands.out', 'pp.out', 'pw2wannier.out', 'open_grid.out', 'cp.out'].map(incomplete),
  ...blocks('open_grid.out', [['INCOMPATIBLE_FFT_GRID', 'scale_sym_ops', 'incompatible FFT grid', 'INCOMPATIBLE_FFT_GRID']]),
  ...blocks('pp.out', [['PARENT_XML_MISSING', 'read_file', 'xml data file not found', 'INPUT_FILE_UNREADABLE']]),
  ...blocks('pw2wannier.out', [['GENERIC_QE_ERROR', 'pw2wannier90', 'could not find the file x.nnkp', 'INPUT_FILE_UNREADABLE']]),
  ...inFile('neb.out', [
    ['NEB_CYCLE_EXCEEDED_NSTEP', '     neb: reached the maximum number of steps', 'NEB_CYCLE_EXCEEDED_NSTEP'],
    ['ELECTRONIC_CONVERGENCE_NOT_REACHED', '     scf convergence NOT achieved on image   3', 'ELECTRONIC_NOT_CONVERGED'],
  ]),
  ...blocks('neb.out', [
    ['NIMAGE_HIGHER_THAN_NPROC', 'mp_start_images', 'invalid number of images, out of range', 'NIMAGE_HIGHER_THAN_NPROC'],
    ['NIMAGE_NOT_DIVISOR_OF_NPROC', 'mp_start_images', 'n. of images must be divisor of nproc', 'NIMAGE_NOT_DIVISOR_OF_NPROC'],
    [
      'NIMAGE_HIGHER_THAN_IMAGES',
      'path_base',
      'nimage is larger than the available number of images',
      'NIMAGE_HIGHER_THAN_IMAGES',
    ],
  ]),
  {
    key: 'NEB_INTERRUPTED_PARTIAL_TRAJECTORY',
    file: 'neb.out',
    said: '     ------------------------------ iteration   3 ------------------------------',
    kind: 'OUTPUT_INCOMPLETE',
    evidence: null,
  },
]

const OF_OTHER_PROGRAMS: readonly Cause[] = blocks('xspectra.out', [
  ['OUTPUT_ABSORBING_SPECIES_WRONG', 'main program', 'Wrong xiabs!!!', 'OUTPUT_ABSORBING_SPECIES_WRONG'],
  ['OUTPUT_ABSORBING_SPECIES_ZERO', 'main program', 'xiabs < 1 or xiabs > ntyp', 'OUTPUT_ABSORBING_SPECIES_ZERO'],
]).concat(
  blocks('hp.out', [
    [
      'CONVERGENCE_NOT_REACHED',
      'hp_solve_linear_system',
      'Convergence has not been reached, convergence not reached after 100 iterations!',
      'CONVERGENCE_NOT_REACHED',
    ],
    ['FERMI_SHIFT', 'hp_ef_shift', 'The Fermi energy shift is zero or too big!', 'FERMI_SHIFT'],
    [
      'INCORRECT_ORDER_ATOMIC_POSITIONS',
      'hp_init',
      'WARNING! All Hubbard atoms must be listed first in the ATOMIC_POSITIONS card of PWscf',
      'INCORRECT_ORDER_ATOMIC_POSITIONS',
    ],
    ['MISSING_PERTURBATION_FILE', 'hp_postproc', 'the file of a perturbation is missing', 'MISSING_PERTURBATION_FILE'],
    ['MISSING_CHI_MATRICES', 'hp_read_chi', 'chi matrices are missing', 'MISSING_CHI_MATRICES'],
  ]),
)

export const AIIDA_QUANTUM_ESPRESSO: PeerTable = {
  peer: 'aiida-quantumespresso 5.1.0 (and the labels of aiida-hubbard and of XSpectra in earlier releases)',
  code: 'quantum-espresso',
  head,
  causes: [...PW, ...PHONONS, ...AFTERWARDS, ...OF_OTHER_PROGRAMS],
  elsewhere: [
    [
      'IONIC_CONVERGENCE_REACHED_EXCEPT_IN_FINAL_SCF, IONIC_CONVERGENCE_REACHED_FINAL_SCF_FAILED, IONIC_CYCLE_BFGS_HISTORY_AND_FINAL_SCF_FAILURE',
      'found by comparing the final SCF with the last step of the relaxation; tests of their own with whole outputs (`quantum-espresso/read/pw-output.test.ts`)',
    ],
    [
      'OUTPUT_STDOUT_MISSING, OUTPUT_STDOUT_READ, OUTPUT_FILES, OUTPUT_XML_MISSING, READING_DOS_FILE, OUTPUT_FREQUENCIES, OUTPUT_DOS, READING_FORCE_CONSTANTS_FILE, READING_POS_FILE, READING_PDOSTOT_FILE, MISSING_PDOSTOT_FILE, OUTPUT_DATAFILE_MISSING',
      'a kept file that is not there: OUTPUT_INCOMPLETE with its name, or the cause that the text output names',
    ],
    [
      'NO_RETRIEVED_FOLDER, NO_RETRIEVED_TEMPORARY_FOLDER, OUTPUT_XML_MULTIPLE, OUTPUT_STDOUT_PARSE, UNEXPECTED_PARSER_EXCEPTION, OUTPUT_KPOINTS_MISMATCH, OUTPUT_KPOINTS_MISSING, OUTPUT_KPOINTS_INCOMMENSURATE, INVALID_KPOINT_UNITS, UNSUPPORTED_DATAFILE_FORMAT, PARSING_PROJECTIONS, OUTPUT_FILES_INVALID_FORMAT, OUTPUT_FILES_ENERGY_MISMATCH, READING_TRAJECTORY_DATA',
      'about AiiDA’s own retrieval and parsing; what a reader of ours cannot read is OUTPUT_UNREADABLE with file and line',
    ],
    ['SUB_PROCESS_FAILED_*, ITERATION_*, INVALID_INPUT_*', 'of AiiDA’s workflows: recovery says what it tried in the verdict'],
  ],
}
