import { ANGSTROM_PER_BOHR } from '@crystalmath/contract/plain'
import { toNumber } from '../../../reading/numbers.ts'
import { volumeOf } from '../../../reading/result.ts'
import type { Beginnings, Eater, Take } from '../line-reader.ts'
import { diagnose } from '../run-facts.ts'
import { GPA_PER_RY_PER_BOHR3 } from '../units.ts'
import { numberAfter } from '../words.ts'
import type { Motion, PwState } from './state.ts'
import { convergedRy, stressOf } from './steps.ts'

const FORCE_CRITERION = /force\s*<\s*(\d[\d.]*(?:E[+-]?\d+)?)/i
const CELL_CRITERION = /cell\s*<\s*(\d[\d.]*(?:E[+-]?\d+)?)/i

const relaxes: Take<PwState> = (_, { motion }) => {
  motion.kind = motion.kind === 'dynamics' ? 'dynamics' : 'relax'
}
/** A damped dynamics prints its steps as any other does. */
const moves: Take<PwState> = (_, { motion }) => {
  motion.kind = motion.kind === 'relax' ? 'relax' : 'dynamics'
}
const arrives: Take<PwState> = (_, { motion }) => void Object.assign(motion, { kind: 'relax', converged: true })

/** Variable-cell methods: `Wentzcovitch Damped Cell Dynamics Minimization: convergence achieved, Efinal= …`, `Parrinello-Rahman Cell Dynamics:`. */
const byName: Take<PwState> = (line, state, at) =>
  (line.includes('convergence achieved') ? arrives : line.includes('Damped') ? relaxes : moves)(line, state, at)

/** Relaxation and dynamics: which of them, whether it arrived, and what it ran out of. */
export const motionBeginnings: Beginnings<PwState> = [
  ['BFGS Geometry Optimization', relaxes],
  ['number of bfgs steps', relaxes],
  ['Entering FIRE', relaxes],
  ['FIRE ', relaxes],
  ['Damped Dynamics Calculation', relaxes],
  ['Entering Damped Dynamics', relaxes],
  ['bfgs converged in', arrives],
  ['bfgs failed after', (line, state, at) => onFailed(line, state, at())],
  ['Damped Dynamics: convergence achieved', arrives],
  ['FIRE: convergence achieved', arrives],
  ['Molecular Dynamics Calculation', moves],
  ['Starting dynamics', moves],
  ['Entering Dynamics', moves],
  ['Langevin Dynamics Calculation', moves],
  ['Over-damped Langevin Dynamics', moves],
  ['Wentzcovitch', byName],
  ['Parrinello-Rahman', byName],
  ['Beeman', byName],
  ['convergence achieved, Efinal', arrives],
  [
    'nstep  ',
    (_, { motion }) => {
      motion.planned = true
    },
  ],
  [
    'NEW-OLD atomic charge density',
    (_, { motion }) => {
      motion.moved = true
    },
  ],
  ['(criteria:', (line, { motion }) => onCriteria(line, motion)],
  [
    'Final enthalpy',
    (line, { motion }) => {
      motion.finalEnthalpyRy = numberAfter(line)
    },
  ],
  [
    'Begin final coordinates',
    (_, { motion }) => {
      motion.finalCoordinates = true
    },
  ],
  ['Final scf calculation', (_, state) => onFinalScf(state)],
  ['A final scf calculation', (_, state) => onFinalScf(state)],
  ['The maximum number of steps has been reached', (line, state, at) => onExhausted(line, state, at())],
  ['history already reset at previous step: stopping', (line, state, at) => onHistory(line, state, at())],
  [
    'kinetic energy (Ekin)',
    (line, { scf }) => {
      if (scf !== null) scf.kineticRy = numberAfter(line)
    },
  ],
  [
    'temperature  ',
    (line, { scf, motion }) => {
      if (scf !== null && motion.kind === 'dynamics') scf.temperatureK = numberAfter(line)
    },
  ],
  ['Ekin =', (line, state) => onCellDynamics(line, state)],
]

/** Old releases put the criterion on the cell on a line of its own. */
function onCriteria(line: string, motion: Motion): Eater {
  motion.forceCriterionRy = toNumber(FORCE_CRITERION.exec(line)?.[1])
  motion.cellCriterionKbar = toNumber(CELL_CRITERION.exec(line)?.[1])
  let next = motion.cellCriterionKbar === null
  return (below) => {
    if (!next) return false
    next = false
    motion.cellCriterionKbar = toNumber(CELL_CRITERION.exec(below)?.[1])
    return motion.cellCriterionKbar !== null
  }
}

function onFailed(line: string, { motion, run }: PwState, at: number): undefined {
  motion.kind = 'relax'
  motion.converged = false
  diagnose(run, 'IONIC_NOT_CONVERGED', 'the relaxation gave up before it was converged', at, line)
}

/** The same words end a relaxation that did not arrive and a dynamics that did. */
function onExhausted(line: string, { motion, run }: PwState, at: number): undefined {
  motion.stepsExhausted = true
  if (motion.kind !== 'relax') return
  motion.converged = false
  diagnose(run, 'IONIC_NOT_CONVERGED', 'the relaxation used up its steps (nstep) before it was converged', at, line)
}

function onHistory(line: string, { motion, run }: PwState, at: number): undefined {
  motion.kind = 'relax'
  motion.historyFailed = true
  diagnose(run, 'IONIC_CYCLE_BFGS_HISTORY_FAILURE', 'the BFGS history failed twice in a row', at, line)
}

/** The pressure asked for is what the enthalpy adds to the energy, by volume: it is printed nowhere else. */
function onFinalScf(state: PwState): undefined {
  const { motion, scf, header } = state
  motion.finalScf = true
  const stressGpa = scf === null ? null : stressOf(scf)
  const energyRy = scf === null ? null : convergedRy(scf, header)
  if (scf === null || stressGpa === null) return
  const volume = scf.geometry === null ? null : volumeOf(scf.geometry.latticeAngstrom) / ANGSTROM_PER_BOHR ** 3
  const addedRy = motion.finalEnthalpyRy === null || energyRy === null ? 0 : motion.finalEnthalpyRy - energyRy
  state.beforeFinal = { stressGpa, targetGpa: volume === null ? 0 : (addedRy / volume) * GPA_PER_RY_PER_BOHR3 }
}

const CELL_DYNAMICS = /Ekin =\s*(\S+)\s*Ry\s+T =\s*(\S+)\s*K/

/** Variable-cell dynamics: `Ekin =     0.00092008 Ry    T =   32.3 K  Etot = …`. */
function onCellDynamics(line: string, { scf, motion }: PwState): undefined {
  if (motion.kind !== 'dynamics') return
  const [, kinetic, temperature] = CELL_DYNAMICS.exec(line) ?? []
  if (scf !== null && kinetic !== undefined)
    Object.assign(scf, { kineticRy: toNumber(kinetic), temperatureK: toNumber(temperature) })
}
