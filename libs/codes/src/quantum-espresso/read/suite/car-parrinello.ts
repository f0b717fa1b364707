import { toNumber } from '../../../reading/numbers.ts'
import type { Beginnings, Eater } from '../line-reader.ts'
import { countIn, numberAfter } from '../words.ts'
import type { CpStep, SuiteState } from './state.ts'

/** The standard output of `cp.x`: energies in hartree, positions in bohr. */
export const carParrinelloBeginnings: Beginnings<SuiteState> = [
  ['nfi ', (line, state) => steps(line, state)],
  ['total energy =', (line, state) => onTotal(line, state)],
  ['Number of Electrons=', (line, { header }) => onElectrons(line, header)],
  ['Ecutwfc =', (line, { header }) => onCutoffs(line, header)],
]

const words = (line: string): string[] => line.trim().split(/\s+/)

/** One row per step below a line with the names of the columns. */
function steps(head: string, state: SuiteState): Eater {
  const names = words(head)
  const energyAt = names.indexOf('etot')
  const temperatureAt = names.indexOf('tempp')
  if (energyAt === -1) return () => false
  return (line) => {
    const row = words(line)
    if (!/^\d+$/.test(row[0] ?? '') || row.length <= energyAt) return false
    addStep(state, { energyHartree: toNumber(row[energyAt]), temperatureK: toNumber(row[temperatureAt]) })
    return true
  }
}

function addStep(state: SuiteState, step: CpStep): void {
  state.cpStepCount += 1
  state.cpEnergyHartree = step.energyHartree
  state.cpTemperatureK = step.temperatureK ?? state.cpTemperatureK
  if (state.full) state.cpSteps.push(step)
}

function onTotal(line: string, state: SuiteState): undefined {
  if (!line.includes('Hartree')) return
  addStep(state, { energyHartree: numberAfter(line), temperatureK: null })
}

function onElectrons(line: string, header: SuiteState['header']): undefined {
  header.electronCount = countIn(line.slice(line.indexOf('=')))
  header.bandCount = countIn(line.slice(line.lastIndexOf('=')))
}

function onCutoffs(line: string, header: SuiteState['header']): undefined {
  header.cutoffRy = toNumber(/Ecutwfc =\s*(\S+)/.exec(line)?.[1])
  header.densityCutoffRy = toNumber(/Ecutrho =\s*(\S+)/.exec(line)?.[1])
}
