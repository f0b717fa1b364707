import { toNumber } from '../../../reading/numbers.ts'
import type { Beginnings, Eater } from '../line-reader.ts'
import { diagnose } from '../run-facts.ts'
import { countIn, numberAfter } from '../words.ts'
import type { Image, SuiteState } from './state.ts'

/** The standard output of `neb.x`: images of the last iteration, activation energies, and whether the path converged. */
export const pathBeginnings: Beginnings<SuiteState> = [
  ['------------------------------ iteration', (line, state) => onIteration(line, state)],
  [
    'activation energy (->)',
    (line, state) => void Object.assign(state, { activationForwardEv: toNumber(/=\s*(\S+)\s*eV/.exec(line)?.[1]) }),
  ],
  [
    'activation energy (<-)',
    (line, state) => void Object.assign(state, { activationBackwardEv: toNumber(/=\s*(\S+)\s*eV/.exec(line)?.[1]) }),
  ],
  ['image        energy (eV)', (_, state) => images(state)],
  ['neb: convergence achieved', (_, state) => void Object.assign(state, { pathConverged: true })],
  ['sm: convergence achieved', (_, state) => void Object.assign(state, { pathConverged: true })],
  ['neb: reached the maximum number of steps', (line, state, at) => onExceeded(line, state, at())],
  ['sm: reached the maximum number of steps', (line, state, at) => onExceeded(line, state, at())],
  ['scf convergence NOT achieved on image', (line, { run }, at) => onImageFailed(line, run, at())],
]

function onIteration(line: string, state: SuiteState): undefined {
  state.pathIterations = countIn(line) ?? state.pathIterations
}

function images(state: SuiteState): Eater {
  const rows: Image[] = []
  return (line) => {
    const [, energy, error] = /^\s*\d+\s+(\S+)\s+(\S+)/.exec(line) ?? []
    if (energy === undefined) return rows.length === 0 && line.trim() === ''
    rows.push({ energyEv: toNumber(energy), errorEvPerAngstrom: toNumber(error) })
    state.images = rows
    return true
  }
}

function onExceeded(line: string, state: SuiteState, at: number): undefined {
  state.pathConverged = false
  diagnose(state.run, 'NEB_CYCLE_EXCEEDED_NSTEP', 'the path used up its iterations (nstep_path) before it converged', at, line)
}

function onImageFailed(line: string, run: SuiteState['run'], at: number): undefined {
  const image = numberAfter(line.replace('image', 'image =')) ?? '?'
  diagnose(run, 'ELECTRONIC_NOT_CONVERGED', `the electronic cycle of image ${image} did not converge`, at, line)
}
