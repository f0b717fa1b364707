import type { Elsewhere, Judged } from './table.ts'

const RUN = 'vasprun.xml or OUTCAR'

/** custodian's handlers that look at numbers and tags; `libs/codes/src/causes/judged.test.ts` shows each, and each where it must be silent. */
export const CUSTODIAN_JUDGED: readonly Judged[] = [
  {
    key: 'UnconvergedErrorHandler (electrons), NonConvergingErrorHandler',
    kind: 'ELECTRONIC_NOT_CONVERGED',
    files: `${RUN}; else OSZICAR or the standard output with NELM of INCAR`,
    rule: 'the last complete ionic step used up NELM without reaching EDIFF',
    unless: 'an earlier step alone did: the last one counts',
  },
  {
    key: 'UnconvergedErrorHandler (ions)',
    kind: 'IONIC_NOT_CONVERGED',
    files: RUN,
    rule: 'a relaxation ended without the statement that its accuracy was reached',
    unless: 'NSW ≤ 1, molecular dynamics, finite differences, response',
  },
  {
    key: 'PositiveEnergyErrorHandler',
    kind: 'POSITIVE_ENERGY',
    files: `OSZICAR; ${RUN}`,
    rule: 'the energy of the last ionic step is above zero',
    unless: 'no ionic step was finished: the first electronic steps begin far above the ground state',
  },
  {
    key: 'PotimErrorHandler',
    kind: 'POTIM',
    files: 'OSZICAR, POSCAR',
    rule: 'the energy rose by more than 1 eV per atom from one ionic step to the next',
    unless: 'the first step, whose change is its energy',
  },
  {
    key: 'LargeSigmaHandler',
    kind: 'LARGE_SIGMA',
    files: RUN,
    rule: 'ISMEAR ≥ 0, and |T·S| of the last ionic step above 1 meV per atom',
    unless: 'ISMEAR < 0; molecular dynamics, where the smearing may be a temperature; earlier steps alone',
  },
  {
    key: 'IncorrectSmearingHandler',
    kind: 'INCORRECT_SMEARING',
    files: RUN,
    rule: 'no band gap, ISMEAR < −3, ions moved (NSW > 1)',
    unless: 'static, or with a gap',
  },
  {
    key: 'KspacingMetalHandler',
    kind: 'KSPACING_METAL',
    files: `${RUN}, INCAR`,
    rule: 'no band gap, KSPACING above 0.22 1/Å',
    unless: 'KSPACING is not set, or there is a gap',
  },
  {
    key: 'ScanMetalHandler',
    kind: 'SCAN_METAL',
    files: `${RUN}, INCAR`,
    rule: 'the same with METAGGA of the SCAN family',
    unless: 'as above',
  },
  {
    key: 'DriftErrorHandler',
    kind: 'DRIFT',
    files: 'OUTCAR',
    rule: 'the mean drift of the last three ionic steps above −EDIFFG',
    unless: 'EDIFFG ≥ 0, NSW ≤ 1, fewer than three steps',
  },
  {
    key: 'MeshSymmetryErrorHandler',
    kind: 'MESH_SYMMETRY',
    files: 'vasp.out with INCAR and KPOINTS',
    rule: 'the message, where the run did not converge',
    unless: 'KSPACING, ISYM ≤ 0, an automatic mesh, a converged run',
  },
  {
    key: 'VaspErrorHandler (brmix)',
    kind: 'BRMIX',
    files: 'vasp.out with INCAR',
    rule: 'the message',
    unless: 'NELECT is given: a charged cell changes its density on purpose',
  },
  {
    key: 'VaspErrorHandler (brions)',
    kind: 'BRIONS',
    files: `vasp.out; ${RUN}`,
    rule: 'the message',
    unless: 'the relaxation reached its accuracy all the same',
  },
  {
    key: 'VaspNpTMDValidator',
    kind: 'NPT_NOT_SUPPORTED_BY_BINARY',
    files: 'OUTCAR, INCAR',
    rule: 'MDALGO = 3 in INCAR, and not in OUTCAR',
    unless: 'OUTCAR echoes it',
  },
  {
    key: 'VasprunXMLValidator',
    kind: 'OUTPUT_INCOMPLETE',
    files: 'vasprun.xml',
    rule: 'it stops in the middle',
    unless: 'it is closed',
  },
]

/** What custodian watches that no output of a finished run says. */
export const CUSTODIAN_ELSEWHERE: readonly Elsewhere[] = [
  [
    'FrozenJobErrorHandler',
    'a running job that writes nothing: remarked as `QUIET` against its own pace, not after a fixed time',
  ],
  ['WalltimeHandler', 'the scheduler says so (`OUT_OF_WALLTIME`); before that `job.sh` writes the STOPCAR at the early signal'],
  ['CheckpointHandler, StoppedRunHandler', 'about custodian’s own restarts; an attempt here goes on from what the last one left'],
  [
    'VaspFilesValidator',
    'kept files that are not there are told with the end of an attempt, and inputs alone are `NEVER_STARTED`',
  ],
  ['VaspAECCARValidator', 'not recognised: AECCAR files are not read'],
]
