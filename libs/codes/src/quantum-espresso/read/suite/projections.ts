import { toNumber } from '../../../reading/numbers.ts'
import type { Beginnings, Eater } from '../line-reader.ts'
import type { SuiteState } from './state.ts'

/** The standard output of `projwfc.x`: Löwdin charges. */
export const projectionBeginnings: Beginnings<SuiteState> = [['Lowdin Charges', (_, state) => charges(state)]]

const TOTAL = /Atom #\s*(\d+):\s*total charge\s*=\s*([^,\s]+)/
const POLARIZATION = /polarization\s*=\s*([^,\s]+)/

function charges({ loewdinElectrons, loewdinSpins }: SuiteState): Eater {
  let atom = 0
  return (line) => {
    if (line.includes('Spilling Parameter') || /(?:CPU|WALL)/.test(line)) return false
    const [, number, total] = TOTAL.exec(line) ?? []
    if (number !== undefined) {
      atom = Number(number) - 1
      if (loewdinElectrons.length === atom) loewdinElectrons.push(toNumber(total))
      return true
    }
    const [, polarization] = POLARIZATION.exec(line) ?? []
    if (polarization !== undefined && loewdinSpins.length === atom) loewdinSpins.push(toNumber(polarization))
    return true
  }
}
