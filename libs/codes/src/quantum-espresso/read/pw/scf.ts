import { quoted } from '../../../reading/hits.ts'
import { toNumber } from '../../../reading/numbers.ts'
import type { Beginnings, Take } from '../line-reader.ts'
import { diagnose, warn } from '../run-facts.ts'
import { vectorOf } from '../units.ts'
import { countIn, numberAfter } from '../words.ts'
import { headerGeometry } from './geometry.ts'
import { type Geometry, newScf, type PwState, type Scf } from './state.ts'
import { finishStep } from './steps.ts'

/** Parts of the total energy: how their lines begin, and their names. */
const TERMS: readonly (readonly [beginning: string, name: string])[] = [
  ['one-electron contribution', 'oneElectron'],
  ['hartree contribution', 'hartree'],
  ['xc contribution', 'exchangeCorrelation'],
  ['ewald contribution', 'ewald'],
  ['Hubbard energy', 'hubbard'],
  ['one-center paw contrib.', 'paw'],
  ['electric field correction', 'electricField'],
  ['Electric field correction', 'electricField'],
  ['internal energy E=F+TS', 'internal'],
]

/** The self-consistent cycle: where it begins, energies, magnetisation, levels, and what it says of its convergence. */
export const scfBeginnings: Beginnings<PwState> = [
  ['coordinates at iteration', (_, state) => onImageIteration(state)],
  ['Self-consistent Calculation', (_, state) => beginScf(state, false)],
  ['Band Structure Calculation', (_, state) => beginScf(state, true)],
  ['total energy  ', onEnergy],
  ['!    total energy', onEnergy],
  ['!!   total energy', onEnergy],
  ['convergence has been achieved', (line, { scf }) => onConverged(line, scf)],
  ['convergence NOT achieved', onNotConverged],
  ['EXX convergence NOT achieved', onExchangeNotConverged],
  [
    'EXX self-consistency reached',
    (_, { scf }) => {
      if (scf !== null) scf.exchangeConverged = true
    },
  ],
  [
    'EXX: now go back',
    (_, { header }) => {
      header.exactExchange = true
    },
  ],
  [
    'Calculation stopped in',
    (_, { scf }) => {
      if (scf !== null) scf.isStopped = true
    },
  ],
  [
    'the Fermi energy is',
    (line, { scf }) => {
      if (scf !== null) scf.fermiEv = toNumber(/is\s+(\S+)/.exec(line)?.[1])
    },
  ],
  ['the spin up/dw Fermi', (line, { scf }) => onTwoFermi(line, scf)],
  ['highest occupied', (line, { scf }) => onLevels(line, scf)],
  ['total magnetization ', onMagnetization],
  [
    'absolute magnetization',
    (line, { scf }) => {
      if (scf !== null) scf.absoluteMagnetization = numberAfter(line)
    },
  ],
  ['pot.stat. contrib. (-muN)', (line, { run }) => warn(run, `the total energy is a grand potential E - mu N: ${line.trim()}`)],
  ['smearing contrib. (-TS)', (line, { scf }) => onTerm(line, scf, 'entropyRy')],
  ['Dispersion ', (line, { scf }) => onTerm(line, scf, 'dispersionRy')],
  ['DFT-D3 Dispersion ', (line, { scf }) => onTerm(line, scf, 'dispersionRy')],
  ['Many-Body Dispersion', (line, { scf }) => onTerm(line, scf, 'dispersionRy')],
  ['MBD Dispersion', (line, { scf }) => onTerm(line, scf, 'dispersionRy')],
  ...TERMS.map(([beginning, name]): readonly [string, Take<PwState>] => [
    beginning,
    (line, { scf }) => onNamedTerm(line, scf, name),
  ]),
]

/** An image of a path is computed anew at each iteration: nothing before it counts. */
function onImageIteration(state: PwState): undefined {
  state.run.isImage = true
  finishStep(state)
  Object.assign(state, { scf: null, good: null, next: null })
}

/** A new step begins where a geometry was printed after the last one; else it is another loop of the same step (exact exchange, a field). */
function beginScf(state: PwState, isBands: boolean): undefined {
  const { scf, next } = state
  if (scf !== null && next === null && scf.isBands === isBands) {
    Object.assign(scf, { bangRy: null, bangSeen: false, loopConverged: null })
    return
  }
  finishStep(state)
  const geometry = next ?? scf?.geometry ?? headerGeometry(state.header)
  state.scf = newScf(withConstraints(geometry, scf?.geometry?.fixed ?? null), isBands)
  state.next = null
  state.nextCell = null
}

/** The header prints no constraints; the positions after a step do, and they hold for the whole run. */
export const withConstraints = (geometry: Geometry | null, fixed: Geometry['fixed']): Geometry | null =>
  geometry === null || geometry.fixed !== null || fixed?.length !== geometry.labels.length ? geometry : { ...geometry, fixed }

function onEnergy(line: string, { scf, run }: PwState, at: () => number): undefined {
  if (scf === null) return
  const text = /=\s*(\S+)/.exec(line)?.[1] ?? ''
  const value = toNumber(text)
  const marks = /^\s*(!*)/.exec(line)?.[1]?.length ?? 0
  if (value === null && marks > 0) diagnose(run, 'OUTPUT_UNREADABLE', `the total energy is not a number: "${text}"`, at(), line)
  if (marks === 2) Object.assign(scf, { exchangeRy: value, exchangeSeen: true, exchangeConverged: true })
  else if (marks === 1) Object.assign(scf, { bangRy: value, bangSeen: true })
  else scf.latestRy = value
}

function onConverged(line: string, scf: Scf | null): undefined {
  if (scf === null) return
  scf.loopConverged = true
  scf.iterations += countIn(line) ?? 0
}

function onNotConverged(line: string, { scf }: PwState, at: () => number): undefined {
  if (scf === null) return
  scf.loopConverged = false
  scf.notConvergedAt = { line: at(), text: quoted(line) }
  scf.iterations += countIn(line) ?? 0
}

function onExchangeNotConverged(line: string, { scf }: PwState, at: () => number): undefined {
  if (scf === null) return
  scf.exchangeConverged = false
  scf.notConvergedAt = { line: at(), text: quoted(line) }
}

function onTwoFermi(line: string, scf: Scf | null): undefined {
  const [, up, down] = /are\s+(\S+)\s+(\S+)/.exec(line) ?? []
  const pair = [toNumber(up), toNumber(down)] as const
  if (scf !== null && pair[0] !== null && pair[1] !== null) scf.fermiUpDownEv = [pair[0], pair[1]]
}

function onLevels(line: string, scf: Scf | null): undefined {
  if (scf === null) return
  const [highest, lowest] = line.slice(line.indexOf(':') + 1).match(/-?\d{1,12}\.\d{4}|\*+/g) ?? []
  scf.highestEv = toNumber(highest)
  scf.lowestEv = toNumber(lowest)
}

function onMagnetization(line: string, { scf, header }: PwState): undefined {
  if (scf === null) return
  const numbers = /=(.*?)Bohr/.exec(line)?.[1]?.trim().split(/\s+/).map(toNumber) ?? []
  if (numbers.length >= 3) scf.magnetizationVector = vectorOf(numbers)
  else {
    scf.totalMagnetization = numbers[0] ?? null
    header.spinPolarized = true
  }
}

const ENDS_IN_RY = /\bRy\s*$/

function onTerm(line: string, scf: Scf | null, name: 'entropyRy' | 'dispersionRy'): undefined {
  if (scf !== null && ENDS_IN_RY.test(line)) scf[name] = numberAfter(line)
}

function onNamedTerm(line: string, scf: Scf | null, name: string): undefined {
  const value = numberAfter(line)
  if (scf !== null && value !== null && ENDS_IN_RY.test(line)) scf.terms[name] = value
}
