import type { CodeFacts, Sample } from '../code-reads.ts'

type Kind =
  | 'pw-output'
  | 'suite-output'
  | 'data-file-schema'
  | 'data-file'
  | 'crash'
  | 'dos'
  | 'projected-dos'
  | 'bands'
  | 'frequencies'
  | 'dynamical-matrix'
  | 'dynamics'
  | 'path-energies'
  | 'hubbard-parameters'
  | 'dielectric-function'

/** Banners of the programs of the suite: by name, by the words around it, and of cp.x before it had one like the others. */
const PROGRAMS =
  /^\s*Program (?:PHONON|NEB|CP|CPPP|DOS|PROJWFC|BANDS|POST-PROC|POST_PROC|Q2R|MATDYN|DYNMAT|XSPECTRA|XSpectra|EPSILON|epsilon|HP|OPEN_GRID|PW2WANNIER|PW2WAN90V|turbo\w*|TURBO\w*|TDDFPT\w*|EPW|LD1|ld1|PWCOND|GIPAW|KCW|KCP|AVERAGE|PLAN_AVG|FERMI\w*|MOLECULARPDOS|SUMPDOS|PW2GW|PW2BGW|PPACF|LAMBDA|ALPHA2F|DVSCF_Q2R|POSTAHC|W90|WFCK2R|PIOUD|ALL_CURRENTS|OSCDFT\w*)\s+v|^\s*Program \S{1,20} +v\.\s?\d.{0,40} starts|^\s*CP: variable-cell Car-Parrinello molecular dynamics/m

/** How text outputs, XML and CRASH begin; the more telling first. What begins a line is looked for only where words of it stand: that costs a twentieth. */
const BY_CONTENT: readonly (readonly [says: RegExp, kind: Kind, words?: RegExp])[] = [
  [/^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)?<(?:\w+:)?espresso[\s>]/, 'data-file-schema'],
  [/FORMAT NAME="QEXML"/, 'data-file'],
  [/^\s*Program PWSCF\s+v/m, 'pw-output', /Program PWSCF/],
  [/^\s*coordinates at iteration +\d/, 'pw-output'],
  [PROGRAMS, 'suite-output', /Program \S+\s+v|CP: variable-cell/],
  [/^Dynamical matrix file/, 'dynamical-matrix'],
  [/^#\s*E \(eV\)\s+(?:dos\(E\)|dosup\(E\)\s+dosdw\(E\))\s+Int dos/, 'dos'],
  [/^# (?:ik\s+)?E \(eV\)\s+(?:l?dos\(E\)|l?dosup\(E\))/, 'projected-dos'],
  [/^\s*=-+=\s+Hubbard [UV] parameters:/, 'hubbard-parameters'],
  [/^#\s*energy grid \[eV\]\s+eps[ri]_x/, 'dielectric-function'],
]

const ERROR_WORDS = ['Error in routine', '= qr(X, 0) failed', 'G_par is NOT a reciprocal']
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
  const told = BY_CONTENT.find(([says, , words]) => words?.test(head) !== false && says.test(head))
  return told?.[1] ?? (name === 'PW.out' || isError(head) ? 'pw-output' : null)
}

const isError = (head: string): boolean => ERROR_WORDS.some((word) => head.includes(word)) && IS_ERROR.test(head)

/** Which file of this code is which. */
export const quantumEspressoFacts: CodeFacts<Kind> = {
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
  companions: ['CRASH'],
}
