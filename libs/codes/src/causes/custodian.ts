import { CUSTODIAN_ELSEWHERE, CUSTODIAN_JUDGED } from './custodian-judged.ts'
import { inFile, type PeerTable } from './table.ts'

const HEAD = ` running on    8 total cores
 distrk:  each k-point on    8 cores,    1 groups
 distr:  one band on    1 cores,    8 groups
 vasp.6.4.2 20Jul23 (build Aug  1 2023 10:00:00) complex
 POSCAR found type information on POSCAR: Si
 entering main loop
       N       E                     dE             d eps       ncg     rms          rms(c)
`
/** How a launcher that VASP never got away from begins. */
const STDERR = 'srun: job 812 queued and waiting for resources\n'

/** Messages of VASP 5 and 6 on its standard output (`vasp.out`). */
const ON_STDOUT = inFile('vasp.out', [
  ['tet', ' Tetrahedron method fails for NKPT<4. NKPT =  1', 'TET'],
  ['tet', ' internal error in: tet.F  at line: 221 tetrahedron method fails', 'TET'],
  ['tet', ' Tetrahedron method fails (number of k-points < 4)', 'TET'],
  ['tet', 'BZINTS: internal error, fermi energy not found', 'TET'],
  ['tet', ' VERY BAD NEWS! internal error in subroutine BZINTS: DOS not found', 'TET'],
  ['tetirr', ' Routine TETIRR needs special values for the k-mesh', 'TETIRR'],
  ['ksymm', ' Fatal error detecting k-mesh', 'KSYMM'],
  ['ksymm', ' Fatal error: unable to match k-point', 'KSYMM'],
  ['inv_rot_mat', 'inverse of rotation matrix was not found (increase SYMPREC)       5', 'INV_ROT_MAT'],
  ['brmix', 'BRMIX: very serious problems', 'BRMIX'],
  ['subspacematrix', 'WARNING: Sub-Space-Matrix is not hermitian in DAV            1  -5.1E-002', 'SUBSPACEMATRIX'],
  ['incorrect_shift', ' Could not get correct shifts', 'INCORRECT_SHIFT'],
  ['real_optlay', ' REAL_OPTLAY: internal error (1)       35           0', 'REAL_OPTLAY'],
  ['real_optlay', ' REAL_OPT: internal ERROR:           5           5           0', 'REAL_OPTLAY'],
  ['rspher', ' internal ERROR RSPHER:running out of buffer            0          13          17', 'RSPHER'],
  ['dentet', 'WARNING: DENTET: can not reach specified precision', 'DENTET'],
  ['too_few_bands', '|      TOO FEW BANDS!!                                                        |', 'TOO_FEW_BANDS'],
  ['triple_product', ' ERROR: the triple product of the basis vectors is negative', 'TRIPLE_PRODUCT'],
  [
    'rot_matrix',
    ' VERY BAD NEWS! internal error in subroutine SGRCON: Found some non-integer element in rotation matrix',
    'ROT_MATRIX',
  ],
  ['brions', 'BRIONS problems: POTIM should be increased', 'BRIONS'],
  ['pricel', ' VERY BAD NEWS! internal error in subroutine PRICEL (probably precision problem, try to change SYMPREC)', 'PRICEL'],
  ['zpotrf', ' LAPACK: Routine ZPOTRF failed!           0           1          32', 'ZPOTRF'],
  ['zpotrf', ' ERROR: Routine ZPOTRF ZTRTRI failed', 'ZPOTRF'],
  ['amin', '|     One of the lattice vectors is very long (>50 A), but AMIN is rather      |', 'AMIN'],
  ['zbrent', 'ZBRENT: fatal internal in brackting', 'ZBRENT'],
  ['zbrent', 'ZBRENT: fatal error in bracketing', 'ZBRENT'],
  ['pssyevx', 'ERROR in subspace rotation PSSYEVX: not enough eigenvalues found           8          10', 'PSSYEVX'],
  ['pdsyevx', ' ERROR in subspace rotation PDSYEVX/ PZHEEVX: INFO=  2', 'PDSYEVX'],
  ['eddrmm', 'WARNING in EDDRMM: call to ZHEGV failed, returncode =   6  3      8', 'EDDRMM'],
  ['edddav', ' Error EDDDAV: Call to ZHEGV failed. Returncode =   7 1   8', 'EDDDAV'],
  ['algo_tet', '|     ALGO=A and IALGO=5X tend to fail with the tetrahedron method             |', 'ALGO_TET'],
  ['grad_not_orth', 'EDWAV: internal error, the gradient is not orthogonal           1           1', 'GRAD_NOT_ORTH'],
  ['nicht_konv', ' ERROR: SBESSELITER : nicht konvergent', 'NICHT_KONV'],
  ['zheev', ' ERROR EDDIAG: Call to routine ZHEEV failed! Info =   5', 'ZHEEV'],
  ['eddiag', ' ERROR in EDDIAG: call to ZHEEV/ZHEEVX/DSYEV/DSYEVX failed! error code was   1', 'EDDIAG'],
  ['elf_kpar', ' ELF: KPAR>1 not implemented, sorry.', 'ELF_KPAR'],
  ['elf_ncl', ' WARNING: ELF not implemented for non collinear case', 'ELF_NCL'],
  ['rhosyg', ' RHOSYG internal error: stars are not distinct, try to increase SYMPREC to e.g. 1E-4', 'RHOSYG'],
  ['posmap', ' POSMAP internal error: symmetry equivalent atom not found,', 'POSMAP'],
  ['point_group', ' VERY BAD NEWS! internal error: group operation missing', 'POINT_GROUP'],
  ['pricelv', ' PRICELV: current lattice and primitive lattice are incommensurate', 'PRICELV'],
  ['symprec_noise', '|     determination of the symmetry of your systems shows a strong             |', 'SYMPREC_NOISE'],
  ['dfpt_ncore', ' PEAD routines do not work for NCORE > 1', 'DFPT_NCORE'],
  ['dfpt_ncore', ' please remove the tag NPAR from the INCAR file and restart the', 'DFPT_NCORE'],
  ['bravais', ' Inconsistent Bravais lattice types found for crystalline and reciprocal lattice', 'BRAVAIS'],
  ['nbands_not_sufficient', ' ERROR: the number of bands is not sufficient to hold all electrons', 'NBANDS_NOT_SUFFICIENT'],
  ['hnform', ' HNFORM: k-point generating lattice is incompatible', 'HNFORM'],
  ['coef', ' ERROR: while reading WAVECAR, plane wave coefficients changed       1243        1187', 'COEF'],
  ['coef', ' ERROR: while reading plane wave coef. of band 3', 'COEF'],
  ['set_core_wf', ' internal error in SET_CORE_WF   4   3', 'SET_CORE_WF'],
  ['read_error', " Error reading item 'ENCUT' from file INCAR.", 'READ_ERROR'],
  ['read_error', ' Error code was IERR= 5 ... . Found N=    0 data.', 'READ_ERROR'],
  ['auto_nbands', '|     The number of bands has been changed from the values supplied            |', 'AUTO_NBANDS'],
  ['ibzkpt', '|     IBZKPT: not all point group operations associated with the               |', 'IBZKPT'],
  ['fexcf', ' ERROR FEXCF: supplied exchange-correlation table is too small, maximal index :   5742', 'FEXCF'],
  ['spin_polarized_harris', ' Spin polarized Harris functional dynamics is a good joke ...', 'SPIN_POLARIZED_HARRIS'],
  ['aliasing', ' WARNING: small aliasing (wrap around) errors must be expected', 'ALIASING'],
  ['aliasing_incar', '|     Your FFT grids (NGX,NGY,NGZ) are not sufficient for an accurate          |', 'ALIASING_INCAR'],
  ['mesh_symmetry', ' Reciprocal lattice and k-lattice belong to different class of lattices.', 'MESH_SYMMETRY'],
])

/** Messages that stand in the error stream (`std_err.txt`) alone. */
const ON_STDERR = inFile('std_err.txt', [
  ['lrf_comm', ' LRF_COMMUTATOR internal error: the vector is not q-> 0    0.0011', 'LRF_COMM'],
  [
    'kpoints_trans',
    ' internal error in GENERATE_KPOINTS_TRANS: number of G-vector changed in star       1234       1236',
    'KPOINTS_TRANS',
  ],
  ['out_of_memory', 'Allocation would exceed memory limit', 'OUT_OF_MEMORY'],
  ['grad_not_orth', 'EDWAV: internal error, the gradient is not orthogonal           1           1', 'GRAD_NOT_ORTH'],
])

/** `error_msgs` of custodian's VaspErrorHandler, StdErrHandler, LrfCommutatorHandler, AliasingErrorHandler and MeshSymmetryErrorHandler. */
export const CUSTODIAN_MESSAGES: PeerTable = {
  peer: 'custodian 2026.10.21',
  code: 'vasp',
  head: (file) => (file === 'vasp.out' ? HEAD : STDERR),
  causes: [...ON_STDOUT, ...ON_STDERR],
  judged: CUSTODIAN_JUDGED,
  elsewhere: CUSTODIAN_ELSEWHERE,
}
