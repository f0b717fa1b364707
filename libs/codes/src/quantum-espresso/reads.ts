import { codeReads, type Sample } from '../code-reads.ts'
import { combine } from './read/combine.ts'
import { crash } from './read/crash.ts'
import { dataFile } from './read/data-file.ts'
import { dataFileSchema } from './read/data-file-schema.ts'
import { pwOutput } from './read/pw-output.ts'
import { suiteOutput } from './read/suite-output.ts'
import { dielectricFunction } from './read/tables/dielectric-function.ts'
import { dosTable } from './read/tables/dos.ts'
import { dynamicalMatrix } from './read/tables/dynamical-matrix.ts'
import { energiesOfDynamics } from './read/tables/dynamics.ts'
import { hubbardParameters } from './read/tables/hubbard-parameters.ts'
import { pathEnergies } from './read/tables/path-energies.ts'
import { bandsTable, frequencyTable } from './read/tables/plot.ts'
import { projectedDos } from './read/tables/projected-dos.ts'

const readers = {
  'pw-output': pwOutput,
  'suite-output': suiteOutput,
  'data-file-schema': dataFileSchema,
  'data-file': dataFile,
  crash,
  dos: dosTable,
  'projected-dos': projectedDos,
  bands: bandsTable,
  frequencies: frequencyTable,
  'dynamical-matrix': dynamicalMatrix,
  dynamics: energiesOfDynamics,
  'path-energies': pathEnergies,
  'hubbard-parameters': hubbardParameters,
  'dielectric-function': dielectricFunction,
}
type Kind = keyof typeof readers

/** Banners of the programs of the suite: by name, by the words around it, and of cp.x before it had one like the others. */
const PROGRAMS =
  /^\s*Program (?:PHONON|NEB|CP|CPPP|DOS|PROJWFC|BANDS|POST-PROC|POST_PROC|Q2R|MATDYN|DYNMAT|XSPECTRA|XSpectra|EPSILON|epsilon|HP|OPEN_GRID|PW2WANNIER|PW2WAN90V|turbo\w*|TURBO\w*|TDDFPT\w*|EPW|LD1|ld1|PWCOND|GIPAW|KCW|KCP|AVERAGE|PLAN_AVG|FERMI\w*|MOLECULARPDOS|SUMPDOS|PW2GW|PW2BGW|PPACF|LAMBDA|ALPHA2F|DVSCF_Q2R|POSTAHC|W90|WFCK2R|PIOUD|ALL_CURRENTS|OSCDFT\w*)\s+v|^\s*Program \S{1,20} +v\.\s?\d.{0,40} starts|^\s*CP: variable-cell Car-Parrinello molecular dynamics/m

/** How text outputs, XML and CRASH begin; the more telling first. */
const BY_CONTENT: readonly (readonly [RegExp, Kind])[] = [
  [/^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)?<(?:\w+:)?espresso[\s>]/, 'data-file-schema'],
  [/FORMAT NAME="QEXML"/, 'data-file'],
  [/^\s*Program PWSCF\s+v/m, 'pw-output'],
  [/^\s*coordinates at iteration +\d/, 'pw-output'],
  [PROGRAMS, 'suite-output'],
  [/^Dynamical matrix file/, 'dynamical-matrix'],
  [/^#\s*E \(eV\)\s+(?:dos\(E\)|dosup\(E\)\s+dosdw\(E\))\s+Int dos/, 'dos'],
  [/^# (?:ik\s+)?E \(eV\)\s+(?:l?dos\(E\)|l?dosup\(E\))/, 'projected-dos'],
  [/^\s*=-+=\s+Hubbard [UV] parameters:/, 'hubbard-parameters'],
  [/^#\s*energy grid \[eV\]\s+eps[ri]_x/, 'dielectric-function'],
]

/** An error alone: the program stopped before its banner, or the rest was cut away. */
const IS_ERROR =
  /^\s*Error in routine\s+\S.*\(\s*-?\d+\):|^\s*\[Q, R\] = qr\(X, 0\) failed|probably because G_par is NOT a reciprocal lattice vector/m

const IS_PLOT = /^\s*&plot nbnd=/
const IS_PATH = /^ {6}0\.0000000000 {6}0\.0000000000 {1,7}-?\d+\.\d{10}\r?\n/

/** By content where it can be told, else by name. */
function recognise({ name, head }: Sample): Kind | null {
  if (name === 'CRASH') return head.includes('%%%%%%') ? 'crash' : null
  if (name.endsWith('.evp')) return 'dynamics'
  if (name.endsWith('.dat') && IS_PATH.test(head)) return 'path-energies'
  if (IS_PLOT.test(head)) return /freq|phon|matdyn/i.test(name) ? 'frequencies' : /band/i.test(name) ? 'bands' : null
  return BY_CONTENT.find(([says]) => says.test(head))?.[1] ?? (name === 'PW.out' || IS_ERROR.test(head) ? 'pw-output' : null)
}

/** How the outputs of Quantum ESPRESSO are read. */
export const quantumEspressoReads = codeReads<typeof readers>({
  code: 'quantum-espresso',
  recognise,
  mainKinds: [
    'pw-output',
    'suite-output',
    'data-file-schema',
    'crash',
    'data-file',
    'dynamics',
    'dynamical-matrix',
    'dos',
    'projected-dos',
    'frequencies',
    'bands',
    'dielectric-function',
    'path-energies',
    'hubbard-parameters',
  ],
  readers,
  companions: ['CRASH'],
  combine: (readings) => combine(readings),
})
