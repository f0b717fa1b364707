import { toNumber } from '../../../reading/numbers.ts'
import type { Beginnings } from '../line-reader.ts'
import { countIn, numberAfter } from '../words.ts'
import type { CpStep, SuiteState } from './state.ts'

/** The standard output of `cp.x`: energies in hartree, positions in bohr. */
export const carParrinelloBeginnings: Beginnings<SuiteState> = [
  ['nfi ', (line, state) => onColumns(line, state)],
  ['Step ', (line, state) => onGradientStep(line, state)],
  [
    '* Physical Quantities at step:',
    (line, state) => {
      state.cpBlockStep = countIn(line)
    },
  ],
  ['total energy =', (line, state) => onTotal(line, state)],
  ['Number of Electrons=', (line, { header }) => onElectrons(line, header)],
  ['Ecutwfc =', (line, { header }) => onCutoffs(line, header)],
]

const words = (line: string): string[] => line.trim().split(/\s+/)

/** The names of the columns stand above the first row only; later rows follow other blocks without them. */
function onColumns(line: string, state: SuiteState): undefined {
  const names = words(line)
  state.cpColumns = { count: names.length, energy: names.indexOf('etot'), temperature: names.indexOf('tempp') }
}

/** One row per step: number, kinetic energy of the electrons, temperatures, energies. */
export function onStepRow(line: string, state: SuiteState): undefined {
  const columns = state.cpColumns
  if (columns === null || columns.energy === -1) return
  const row = words(line)
  if (row.length !== columns.count || !/^\d+$/.test(row[0] ?? '')) return
  addStep(state, Number(row[0]), {
    energyHartree: toNumber(row[columns.energy]),
    temperatureK: toNumber(row[columns.temperature]),
  })
}

/** With conjugate gradients for the electrons: `Step    29     289    -17.174245    -17.174245    -17.170115     6`. */
function onGradientStep(line: string, state: SuiteState): undefined {
  const [, number, temperature, energy] = /^Step\s+(\d+)\s+(\S+)\s+(-?\d+\.\d+)\s/.exec(line) ?? []
  if (number !== undefined && state.run.program === 'CP')
    addStep(state, Number(number), { energyHartree: toNumber(energy), temperatureK: toNumber(temperature) })
}

/** One step may be told twice, in a row and in a block, of which the block has more digits. */
function addStep(state: SuiteState, number: number | null, step: CpStep): void {
  if (number !== null && number === state.cpLastStep) {
    state.cpTemperatureK = step.temperatureK ?? state.cpTemperatureK
    return
  }
  state.cpLastStep = number
  state.cpStepCount += 1
  state.cpEnergyHartree = step.energyHartree
  state.cpTemperatureK = step.temperatureK ?? state.cpTemperatureK
  if (state.full) state.cpSteps.push(step)
}

function onTotal(line: string, state: SuiteState): undefined {
  if (!line.includes('Hartree')) return
  addStep(state, state.cpBlockStep, { energyHartree: numberAfter(line), temperatureK: null })
}

function onElectrons(line: string, header: SuiteState['header']): undefined {
  header.electronCount = countIn(line.slice(line.indexOf('=')))
  header.bandCount = countIn(line.slice(line.lastIndexOf('=')))
}

function onCutoffs(line: string, header: SuiteState['header']): undefined {
  header.cutoffRy = toNumber(/Ecutwfc =\s*(\S+)/.exec(line)?.[1])
  header.densityCutoffRy = toNumber(/Ecutrho =\s*(\S+)/.exec(line)?.[1])
}
