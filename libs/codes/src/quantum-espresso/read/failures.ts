/** What a message of Quantum ESPRESSO means: the kinds are AiiDA's exit-code labels without `ERROR_`, or shared ones. */
type Failure = { readonly says: RegExp; readonly kind: string; readonly message: string }

/** Messages inside an error block, the more special first. */
const FAILURES: readonly Failure[] = [
  {
    says: /charge is wrong/i,
    kind: 'CHARGE_IS_WRONG',
    message: 'the integrated charge is wrong: too few bands, a wrong start, or a mixing that diverged',
  },
  {
    says: /not orthogonal operation/i,
    kind: 'SYMMETRY_NON_ORTHOGONAL_OPERATION',
    message: 'the distorted cell lost a symmetry that was found at the start',
  },
  {
    says: /problems computing cholesky/i,
    kind: 'COMPUTING_CHOLESKY',
    message: 'the Cholesky decomposition failed while diagonalising',
  },
  { says: /dexx is negative/i, kind: 'DEXX_IS_NEGATIVE', message: 'the exchange error estimate became negative' },
  {
    says: /too many bands are not converged/i,
    kind: 'DIAGONALIZATION_TOO_MANY_BANDS_NOT_CONVERGED',
    message: 'too many bands did not converge while diagonalising',
  },
  {
    says: /S matrix not positive definite/i,
    kind: 'S_MATRIX_NOT_POSITIVE_DEFINITE',
    message: 'the overlap matrix is not positive definite',
  },
  {
    says: /(?:zhegvd|dsygvd|pzheevd|info\s*=?\s*\d+).*fail|zhegvd failed/i,
    kind: 'ZHEGVD_FAILED',
    message: 'LAPACK failed while diagonalising',
  },
  { says: /\[Q, ?R\] = qr\(X, 0\) failed/i, kind: 'QR_FAILED', message: 'the QR factorisation of PPCG failed' },
  {
    says: /probably because G_par is NOT a reciprocal lattice vector/i,
    kind: 'G_PAR',
    message: 'the k-point string of the Berry phase is no reciprocal lattice vector',
  },
  {
    says: /eigenvectors failed to converge/i,
    kind: 'EIGENVECTOR_CONVERGENCE',
    message: 'eigenvectors failed to converge while diagonalising',
  },
  {
    says: /Error in routine\s+broyden|from\s+(?:mix_rho|broyden)\s*:.*factorization|^\s*factorization/i,
    kind: 'BROYDEN_FACTORIZATION',
    message: 'the factorisation of the Broyden mixing failed',
  },
  {
    says: /Not enough space allocated for radial FFT/i,
    kind: 'RADIAL_FFT_SIGNIFICANT_VOLUME_CONTRACTION',
    message: 'the cell shrank beyond the radial FFT table: cell_factor is too small',
  },
  { says: /invalid number of pools, out of range/i, kind: 'NPOOLS_TOO_HIGH', message: 'more pools than processes' },
  {
    says: /invalid number of images, out of range/i,
    kind: 'NIMAGE_HIGHER_THAN_NPROC',
    message: 'more images (-nimage) than processes',
  },
  {
    says: /of images must be divisor of nproc/i,
    kind: 'NIMAGE_NOT_DIVISOR_OF_NPROC',
    message: 'the number of processes is no multiple of the images (-nimage)',
  },
  {
    says: /nimage is larger than the available number of images/i,
    kind: 'NIMAGE_HIGHER_THAN_IMAGES',
    message: 'more groups of processes (-nimage) than images in the path',
  },
  { says: /Wrong xiabs/i, kind: 'OUTPUT_ABSORBING_SPECIES_WRONG', message: 'xiabs names a species without a core hole' },
  {
    says: /xiabs < 1 or xiabs > ntyp/i,
    kind: 'OUTPUT_ABSORBING_SPECIES_ZERO',
    message: 'xiabs names no species: it counts from 1 to ntyp',
  },
  {
    says: /Fermi energy shift is zero or too big|Fermi shift/i,
    kind: 'FERMI_SHIFT',
    message: 'the shift of the Fermi energy is wrong: a low cutoff, or smearing in an insulator',
  },
  {
    says: /Hubbard atoms must be listed first/i,
    kind: 'INCORRECT_ORDER_ATOMIC_POSITIONS',
    message: 'Hubbard atoms must come first in the positions',
  },
  {
    says: /perturbation.*missing|missing perturbation/i,
    kind: 'MISSING_PERTURBATION_FILE',
    message: 'a file of a perturbation is missing',
  },
  {
    says: /chi matri\w+.*missing|missing chi/i,
    kind: 'MISSING_CHI_MATRICES',
    message: 'response matrices of some atoms are missing',
  },
  { says: /some nodes have no k-points/i, kind: 'NPOOLS_TOO_HIGH', message: 'more pools than k points' },
  {
    says: /FFT grid incompatible|incompatible FFT grid/i,
    kind: 'INCOMPATIBLE_FFT_GRID',
    message: 'the FFT grid does not fit the symmetry',
  },
  {
    says: /Wrong representation/i,
    kind: 'WRONG_REPRESENTATION',
    message: 'a phonon mode has a wrong representation of the small group',
  },
  {
    says: /problems computing diagonalization|diagonalization \(.*\) failed/i,
    kind: 'COMPUTING_DIAGONALIZATION',
    message: 'the diagonalisation failed',
  },
  { says: /unknown mode symmetry/i, kind: 'UNKNOWN_MODE_SYMMETRY', message: 'the symmetry of a mode is not known' },
  {
    says: /convergence not reached|No convergence has been achieved|not converged after/i,
    kind: 'CONVERGENCE_NOT_REACHED',
    message: 'the linear response did not converge',
  },
  {
    says: /(?:file|pseudopotential)\s+\S*\s*(?:\S+\s+)?not found/i,
    kind: 'PSEUDOPOTENTIAL_MISSING',
    message: 'a pseudopotential file was not found',
  },
  {
    says: /error (?:opening|reading) (?:pseudo|file \S+\.upf)|\.upf\S* not found/i,
    kind: 'PSEUDOPOTENTIAL_MISSING',
    message: 'a pseudopotential file could not be read',
  },
  {
    says: /No space left|disk full|error (?:while )?writing|write error|quota exceeded/i,
    kind: 'DISK_FULL',
    message: 'writing failed: the disk is full or the quota used up',
  },
  {
    says: /cannot allocate|not enough memory|insufficient memory|allocat\w+ .*fail|error allocating/i,
    kind: 'OUT_OF_MEMORY',
    message: 'memory could not be allocated',
  },
]

/** Routines that read and check the input: an error of theirs is the input's. */
const INPUT_ROUTINES =
  /^(?:read_namelists?|card_\w+|read_cards?|iosys|read_input_file|setup|input|input_hubbard|bcast_ph_input|phq_readin|\w*_readin|open_input_file|cell_base_init|latgen|ruotaijk|reading \w+ namelist|reading namelist|do_dos|do_projwfc|openfilepp|postproc|pp_check_file|check_atoms|set_occupations|read_conf_from_file|set_dft_from_(?:name|indices)|set_vdw_corr|init_dft_d3|tsvdw|energy_xdm|environ\w*|q_points|init_start_k|kpoint_grid|tabd|set_hubbard_l)\b/i
const PSEUDO_ROUTINES = /^(?:readpp|read_pseudo\w*|upf\w*|read_upf\w*|readpp|scan_begin|set_upf)/i
const FILE_ROUTINES =
  /^(?:davcio|diropn|open_buffer|seqopn|pw_restart|read_scf|read_rhog|write_rhog|pw_write|save_buffer|fft_write|rho_xml)/i
const MISSING_FILE = /not found|could not find|cannot open|error opening|opening file|missing/i

export type NamedFailure = { readonly kind: string; readonly message: string }

/** The kind of what an error block says; `routine` is the one that the block names. */
export function failureOf(routine: string, says: string): NamedFailure {
  const named = FAILURES.find((failure) => failure.says.test(says) || failure.says.test(`Error in routine ${routine}`))
  if (named !== undefined && !(named.kind === 'PSEUDOPOTENTIAL_MISSING' && !isPseudopotential(routine, says)))
    return { kind: named.kind, message: `${named.message} (${routine}: ${says})` }
  if (PSEUDO_ROUTINES.test(routine) && MISSING_FILE.test(says))
    return { kind: 'PSEUDOPOTENTIAL_MISSING', message: `${routine}: ${says}` }
  if (FILE_ROUTINES.test(routine) || MISSING_FILE.test(says))
    return {
      kind: 'INPUT_FILE_UNREADABLE',
      message: `a file of an earlier run could not be read or written (${routine}: ${says})`,
    }
  if (INPUT_ROUTINES.test(routine)) return { kind: 'INPUT_ERROR', message: `the input was refused by ${routine}: ${says}` }
  return { kind: 'UNKNOWN_FAILURE', message: `${routine}: ${says}` }
}

const isPseudopotential = (routine: string, says: string): boolean =>
  PSEUDO_ROUTINES.test(routine) || /pseudo|\.upf\b/i.test(says)
