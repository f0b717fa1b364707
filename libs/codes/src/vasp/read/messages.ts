import type { Diagnosis } from '@crystalmath/contract'
import { hits, lineCounter, quoted } from '../../reading/hits.ts'

/**
 * What a message means for the run: `fatal` messages end it, `grave` ones spoil the result, and `advice` is a cause only
 * where the run failed or did not converge.
 */
export type Severity = 'fatal' | 'grave' | 'advice'

type Message = { readonly kind: string; readonly severity: Severity; readonly said: readonly string[]; readonly means: string }

/** Most are custodian's keys (VaspErrorHandler, StdErrHandler, AliasingErrorHandler, LrfCommutatorHandler); the others AiiDA-VASP's. */
export const MESSAGES: readonly Message[] = [
  {
    kind: 'TET',
    severity: 'fatal',
    said: [
      'Tetrahedron method fails',
      'tetrahedron method fails',
      'Routine TETIRR needs special values',
      'subroutine BZINTS',
      'subroutineBZINTS',
      'BZINTS: internal error',
    ],
    means: 'the tetrahedron method cannot work with this k mesh',
  },
  {
    kind: 'KSYMM',
    severity: 'fatal',
    said: ['Fatal error detecting k-mesh', 'Fatal error: unable to match k-point'],
    means: 'the k mesh does not fit the symmetry',
  },
  {
    kind: 'INV_ROT_MAT',
    severity: 'fatal',
    said: ['rotation matrix was not found (increase SYMPREC)'],
    means: 'an inverse rotation matrix was not found; SYMPREC',
  },
  {
    kind: 'BRMIX',
    severity: 'grave',
    said: ['BRMIX: very serious problems'],
    means: 'the charge mixer met densities that do not belong together',
  },
  {
    kind: 'SUBSPACEMATRIX',
    severity: 'advice',
    said: [
      'WARNING: Sub-Space-Matrix is not hermitian in DAV',
      'Sub-Space-Matrix is not hermitian in DAV',
      'not Hermitian in DAV',
    ],
    means: 'the sub-space matrix was not Hermitian in the Davidson step',
  },
  {
    kind: 'TETIRR',
    severity: 'fatal',
    said: ['Routine TETIRR needs special values'],
    means: 'the tetrahedron method needs another k mesh',
  },
  {
    kind: 'INCORRECT_SHIFT',
    severity: 'fatal',
    said: ['Could not get correct shifts'],
    means: 'the shifts of the k mesh do not fit the lattice',
  },
  {
    kind: 'REAL_OPTLAY',
    severity: 'fatal',
    said: ['REAL_OPTLAY: internal error', 'REAL_OPT: internal ERROR'],
    means: 'the real-space projectors could not be optimised; LREAL',
  },
  { kind: 'RSPHER', severity: 'fatal', said: ['ERROR RSPHER'], means: 'the real-space projection spheres are too large; LREAL' },
  {
    kind: 'DENTET',
    severity: 'grave',
    said: ['DENTET'],
    means: 'the Fermi level could not be found with the tetrahedron method',
  },
  { kind: 'DENMP', severity: 'grave', said: ['WARNING: DENMP'], means: 'the Fermi level could not be found to precision' },
  {
    kind: 'TOO_FEW_BANDS',
    severity: 'grave',
    said: ['TOO FEW BANDS'],
    means: 'the highest band is occupied: NBANDS is too small',
  },
  {
    kind: 'TRIPLE_PRODUCT',
    severity: 'fatal',
    said: ['ERROR: the triple product of the basis vectors', 'the triple product of the basis vectors'],
    means: 'the lattice vectors are left-handed',
  },
  {
    kind: 'ROT_MATRIX',
    severity: 'fatal',
    said: ['Found some non-integer element in rotation matrix', 'SGRCON'],
    means: 'a rotation matrix has non-integer elements; k mesh or SYMPREC',
  },
  {
    kind: 'BRIONS',
    severity: 'grave',
    said: ['BRIONS problems: POTIM should be increased'],
    means: 'the ionic steps are too small; POTIM',
  },
  {
    kind: 'PRICEL',
    severity: 'fatal',
    said: ['internal error in subroutine PRICEL', 'internal error in subroutinePRICEL'],
    means: 'the primitive cell was not found; SYMPREC',
  },
  {
    kind: 'ZPOTRF',
    severity: 'fatal',
    said: ['LAPACK: Routine ZPOTRF failed', 'Routine ZPOTRF ZTRTRI', 'LAPACK: Routine ZPOTRF'],
    means: 'a Cholesky decomposition failed: atoms too near, a cell too small, or a bad step',
  },
  {
    kind: 'AMIN',
    severity: 'advice',
    said: ['One of the lattice vectors is very long (>50 A), but AMIN'],
    means: 'a very long cell with a large AMIN: charge sloshing',
  },
  {
    kind: 'ZBRENT',
    severity: 'fatal',
    said: ['ZBRENT: fatal internal in', 'ZBRENT: fatal error in bracketing', 'ZBRENT: fatal error: bracketing'],
    means: 'the line minimisation of the ionic step failed',
  },
  {
    kind: 'PSSYEVX',
    severity: 'fatal',
    said: ['ERROR in subspace rotation PSSYEVX', 'Error in subspace rotation PSSYEVX'],
    means: 'the parallel diagonalisation PSSYEVX failed',
  },
  {
    kind: 'PDSYEVX',
    severity: 'fatal',
    said: ['ERROR in subspace rotation PDSYEVX', 'Error in subspace rotation PDSYEVX'],
    means: 'the parallel diagonalisation PDSYEVX failed',
  },
  {
    kind: 'PZSTEIN',
    severity: 'fatal',
    said: ['PZSTEIN parameter number'],
    means: 'the parallel diagonalisation PZSTEIN failed',
  },
  {
    kind: 'EDDRMM',
    severity: 'advice',
    said: ['WARNING in EDDRMM: call to ZHEGV failed', 'WARNING in EDDRMM'],
    means: 'the RMM-DIIS minimiser lost its bands',
  },
  {
    kind: 'EDDDAV',
    severity: 'fatal',
    said: ['Error EDDDAV: Call to ZHEGV failed', 'Error EDDDAV'],
    means: 'the Davidson minimiser failed to diagonalise',
  },
  {
    kind: 'ALGO_TET',
    severity: 'advice',
    said: ['ALGO=A and IALGO=5X tend to fail'],
    means: 'ALGO = All tends to fail with the tetrahedron method',
  },
  {
    kind: 'GRAD_NOT_ORTH',
    severity: 'fatal',
    said: ['EDWAV: internal error, the gradient is not orthogonal', 'EDWAV: internal error'],
    means: 'the gradient of the orbitals was not orthogonal',
  },
  {
    kind: 'NICHT_KONV',
    severity: 'fatal',
    said: ['ERROR: SBESSELITER : nicht konvergent', 'SBESSELITER : nicht konvergent', 'SBESSELITER: nicht konvergent'],
    means: 'a spherical Bessel function did not converge',
  },
  {
    kind: 'ZHEEV',
    severity: 'fatal',
    said: ['ERROR EDDIAG: Call to routine ZHEEV failed!', 'ERROR EDDIAG: Call to routine ZHEEV'],
    means: 'the diagonalisation ZHEEV failed',
  },
  {
    kind: 'EDDIAG',
    severity: 'fatal',
    said: ['ERROR in EDDIAG: call to ZHEEV/ZHEEVX/DSYEV/DSYEVX failed', 'ERROR in EDDIAG'],
    means: 'the sub-space diagonalisation failed',
  },
  { kind: 'ELF_KPAR', severity: 'fatal', said: ['ELF: KPAR>1 not implemented'], means: 'ELF cannot be written with KPAR > 1' },
  {
    kind: 'ELF_NCL',
    severity: 'fatal',
    said: ['WARNING: ELF not implemented for non collinear case'],
    means: 'ELF is not implemented for noncollinear runs',
  },
  { kind: 'RHOSYG', severity: 'fatal', said: ['RHOSYG'], means: 'the charge density could not be made symmetric; SYMPREC' },
  { kind: 'POSMAP', severity: 'fatal', said: ['POSMAP'], means: 'the symmetry of the positions was lost; SYMPREC' },
  {
    kind: 'POINT_GROUP',
    severity: 'fatal',
    said: ['group operation missing'],
    means: 'a point group operation is missing; SYMPREC',
  },
  {
    kind: 'PRICELV',
    severity: 'fatal',
    said: ['PRICELV: current lattice and primitive lattice are incommensurate'],
    means: 'the lattice and its primitive lattice are incommensurate; SYMPREC',
  },
  {
    kind: 'SYMPREC_NOISE',
    severity: 'advice',
    said: ['determination of the symmetry of your systems shows a strong'],
    means: 'the symmetry found depends strongly on SYMPREC',
  },
  {
    kind: 'DFPT_NCORE',
    severity: 'fatal',
    said: ['PEAD routines do not work for NCORE', 'remove the tag NPAR from the INCAR file'],
    means: 'this response cannot run with NCORE or NPAR',
  },
  {
    kind: 'BRAVAIS',
    severity: 'fatal',
    said: ['Inconsistent Bravais lattice'],
    means: 'the lattice and its reciprocal have different Bravais types; SYMPREC',
  },
  {
    kind: 'NBANDS_NOT_SUFFICIENT',
    severity: 'fatal',
    said: ['number of bands is not sufficient'],
    means: 'NBANDS is too small for the electrons',
  },
  {
    kind: 'HNFORM',
    severity: 'fatal',
    said: ['HNFORM: k-point generating'],
    means: 'the k mesh cannot be generated for this lattice',
  },
  {
    kind: 'COEF',
    severity: 'fatal',
    said: ['while reading plane', 'while reading WAVECAR'],
    means: 'the WAVECAR does not fit this run',
  },
  {
    kind: 'SET_CORE_WF',
    severity: 'fatal',
    said: ['internal error in SET_CORE_WF'],
    means: 'the core wave functions could not be set',
  },
  {
    kind: 'READ_ERROR',
    severity: 'fatal',
    said: ['Error reading item', 'Error code was IERR= 5', 'Error code was IERR='],
    means: 'an item of the INCAR could not be read',
  },
  {
    kind: 'AUTO_NBANDS',
    severity: 'advice',
    said: ['The number of bands has been changed'],
    means: 'VASP changed NBANDS to fit the number of ranks',
  },
  {
    kind: 'IBZKPT',
    severity: 'advice',
    said: ['not all point group operations', 'internal error in subroutine IBZKPT', 'internal error in subroutineIBZKPT'],
    means: 'the k mesh does not have the symmetry of the lattice',
  },
  {
    kind: 'FEXCF',
    severity: 'fatal',
    said: ['supplied exchange-correlation table', 'ERROR FEXCF', 'ERROR FEXCP'],
    means: 'the density left the exchange-correlation table: a runaway geometry',
  },
  {
    kind: 'MESH_SYMMETRY',
    severity: 'advice',
    said: ['Reciprocal lattice and k-lattice belong to different class of lattices'],
    means: 'the k mesh breaks the symmetry of the lattice',
  },
  {
    kind: 'ALIASING',
    severity: 'advice',
    said: ['WARNING: small aliasing (wrap around) errors must be expected'],
    means: 'the FFT grid is too small for this cut-off',
  },
  {
    kind: 'ALIASING_INCAR',
    severity: 'advice',
    said: ['Your FFT grids (NGX,NGY,NGZ) are not sufficient for an accurate'],
    means: 'the FFT grid set in the INCAR is too small',
  },
  {
    kind: 'LRF_COMM',
    severity: 'fatal',
    said: ['LRF_COMMUTATOR internal error'],
    means: 'the commutator of the response failed; LPEAD',
  },
  {
    kind: 'KPOINTS_TRANS',
    severity: 'fatal',
    said: ['internal error in GENERATE_KPOINTS_TRANS'],
    means: 'the k points could not be transformed; k mesh',
  },
  {
    kind: 'OUT_OF_MEMORY',
    severity: 'fatal',
    said: [
      'Allocation would exceed memory limit',
      'oom-kill',
      'Out Of Memory',
      'OutOfMemory',
      'out of memory',
      'Cannot allocate memory',
      'insufficient virtual memory',
      'SET_INDPW_FULL: insufficient',
      'Exceeded job memory limit',
      'std::bad_alloc',
      'OUT_OF_MEMORY',
      'cuMemAlloc',
      'Exceeded step memory limit',
    ],
    means: 'the memory was exhausted',
  },
  {
    kind: 'PSMAXN',
    severity: 'advice',
    said: ['PSMAXN for non-local potential too small'],
    means: 'the real-space projectors do not fit; LREAL or a larger cell',
  },
  { kind: 'CNORMN', severity: 'advice', said: ['WARNING: CNORMN'], means: 'a wave function could not be normalised' },
  {
    kind: 'FOCK_ACC',
    severity: 'fatal',
    said: ['internal error in FOCK_ACC'],
    means: 'the exchange potential could not be set up',
  },
  {
    kind: 'INVGRP',
    severity: 'fatal',
    said: ['internal error in subroutine INVGRP', 'internal error in subroutineINVGRP'],
    means: 'the inverse of a symmetry operation was not found; SYMPREC',
  },
  {
    kind: 'NON_COLLINEAR',
    severity: 'fatal',
    said: ['ERROR: non collinear calculations require', 'non collinear calculations require that VASP is compiled'],
    means: 'a noncollinear run needs the vasp_ncl executable',
  },
  {
    kind: 'GAMMA_ONLY_MISUSE',
    severity: 'fatal',
    said: ['You are using the Gamma-point-only version with more than one'],
    means: 'the Gamma-only executable was used for several k points',
  },
  { kind: 'NO_POTIM', severity: 'fatal', said: ['IBRION=0, but no entry for POTIM'], means: 'IBRION = 0 needs POTIM' },
  {
    kind: 'KSET_CHANGE',
    severity: 'fatal',
    said: ['VASP internal routines have requested a change of the k-point set'],
    means: 'this response needs a k set that the parallel setting forbids; NCORE = 1',
  },
  { kind: 'EDWAV', severity: 'fatal', said: ['ERROR EDWAV'], means: 'the orbital minimiser failed' },
  {
    kind: 'DISK_FULL',
    severity: 'fatal',
    said: ['No space left on device', 'Disk quota exceeded', 'disk quota exceeded'],
    means: 'the disk was full',
  },
  {
    kind: 'OUT_OF_WALLTIME',
    severity: 'fatal',
    said: ['DUE TO TIME LIMIT', 'PBS: job killed: walltime', 'TERM_RUNLIMIT', 'walltime exceeded'],
    means: 'the batch system ended the job at its time limit',
  },
  { kind: 'PREEMPTED', severity: 'fatal', said: ['DUE TO PREEMPTION'], means: 'the batch system took the nodes back' },
  {
    kind: 'NODE_FAILURE',
    severity: 'fatal',
    said: ['DUE TO NODE FAILURE', 'Transport retry count exceeded'],
    means: 'a node failed',
  },
  { kind: 'CANCELLED', severity: 'fatal', said: ['STEP CANCELLED AT', '*** CANCELLED AT'], means: 'the job was cancelled' },
  {
    kind: 'MISSING_LIBRARY',
    severity: 'fatal',
    said: ['error while loading shared libraries'],
    means: 'a shared library is missing: load the modules VASP was built with',
  },
  {
    kind: 'MPI_START_FAILED',
    severity: 'fatal',
    said: [
      'failed to locate mpirun',
      'There are not enough slots available',
      'mpirun: command not found',
      'srun: error: Unable to create step',
      'could not find an executable',
      'Unable to confirm allocation',
      'execvp error on file',
    ],
    means: 'the parallel launcher could not start VASP',
  },
  {
    kind: 'SEGMENTATION_FAULT',
    severity: 'fatal',
    said: ['SIGSEGV', 'egmentation fault'],
    means: 'the program crashed with a segmentation fault (often the stack limit)',
  },
  { kind: 'BUS_ERROR', severity: 'fatal', said: ['SIGBUS', 'Bus error'], means: 'the program crashed with a bus error' },
  {
    kind: 'INPUT_ERROR',
    severity: 'fatal',
    said: [
      'No INCAR found',
      'ERROR: the INCAR file',
      'No KPOINTS found',
      'ERROR: there must be 1 or 3 items on line 2 of POSCAR',
      'ERROR: number of potentials on File POTCAR incompatible',
      'POTCAR and POSCAR incompatible',
      'Error reading KPOINTS',
      'ERROR: while reading KPOINTS',
      'ERROR: missing or invalid',
      'Fatal error reading POSCAR',
      'ERROR: the type information on POSCAR and POTCAR are incompatible',
      'MAGMOM is specified, but',
    ],
    means: 'an input file is missing or wrong',
  },
  {
    kind: 'PSEUDOPOTENTIAL_MISSING',
    severity: 'fatal',
    said: ['No POTCAR found', 'POTCAR not found', 'ERROR: POTCAR'],
    means: 'the POTCAR is missing or damaged',
  },
  {
    kind: 'LICENCE',
    severity: 'fatal',
    said: ['LICENSE HAS EXPIRED', 'license has expired', 'No valid license'],
    means: 'a licence is missing',
  },
]

export type Finding = { readonly diagnosis: Diagnosis; readonly severity: Severity }

export type MessageFinder = {
  feed(block: string, firstLine: number): void
  /** In the order of the file, one per kind. */
  findings(): readonly Finding[]
}

const escaped = (text: string): string => text.replace(/[\^$.*+?()[\]{}|/-]/g, '\\$&')

function tableOf(messages: readonly Message[]): {
  readonly pattern: RegExp
  readonly byText: ReadonlyMap<string, readonly Message[]>
} {
  const byText = new Map<string, Message[]>()
  for (const message of messages) for (const said of message.said) byText.set(said, [...(byText.get(said) ?? []), message])
  const longestFirst = [...byText.keys()].sort((a, b) => b.length - a.length)
  const refusals = [
    /I REFUSE TO CONTINUE WITH THIS SICK JOB/,
    /VERY BAD NEWS!(?= internal error)/,
    /forrtl: severe/,
    /forrtl: error/,
  ]
  return { pattern: hits([...longestFirst.map((said) => new RegExp(escaped(said))), ...refusals]), byText }
}

const TABLE = tableOf(MESSAGES)

/** Looks for every message that the program, its launcher or the batch system can leave in a text. */
export function findMessages(file: string): MessageFinder {
  const found = new Map<string, Finding>()
  let unknown: Finding | null = null

  const add = (message: Message, line: number, text: string): void => {
    if (found.has(message.kind)) return
    found.set(message.kind, {
      severity: message.severity,
      diagnosis: { kind: message.kind, message: message.means, evidence: { file, line, text: quoted(text) } },
    })
  }

  return {
    feed(block, firstLine) {
      const lineAt = lineCounter(block, firstLine)
      for (const { 0: said, index } of block.matchAll(TABLE.pattern)) {
        const messages = TABLE.byText.get(said)
        if (messages === undefined) {
          if (unknown !== null) continue
          const text = said.startsWith('I REFUSE') ? boxBefore(block, index) : lineOf(block, index)
          const evidence = { file, line: lineAt(index), text: quoted(text) }
          unknown = { severity: 'fatal', diagnosis: { kind: 'UNKNOWN_FAILURE', message: 'VASP gave up', evidence } }
        } else if (messages.some(({ kind }) => !found.has(kind))) {
          for (const message of messages) add(message, lineAt(index), lineOf(block, index))
        }
      }
    },
    findings() {
      const known = [...found.values()]
      return unknown === null || known.some(({ severity }) => severity === 'fatal') ? known : [...known, unknown]
    },
  }
}

function lineOf(block: string, at: number): string {
  const to = block.indexOf('\n', at)
  return block.slice(block.lastIndexOf('\n', at) + 1, to === -1 ? block.length : to).replace(/^\|\s*|\s*\|\s*$/g, '')
}

/** What stands in the frame of stars and bars above the refusal, without the banner. */
function boxBefore(block: string, at: number): string {
  const lines = block.slice(Math.max(0, at - 4_000), at).split('\n')
  const from = lines.findLastIndex((line) => /^\s*-{20,}/.test(line))
  return lines
    .slice(from + 1, -1)
    .map((line) => line.replace(/^\s*\||\|\s*$/g, '').trim())
    .filter((line) => line !== '' && !/^(?:[EROW#!ANIG] *){4,}$/.test(line.replace(/(.)\1+/g, '$1')))
    .join(' ')
}
