import { toNumber } from '../../../reading/numbers.ts'
import type { Beginnings, Eater } from '../line-reader.ts'
import { vectorOf } from '../units.ts'
import type { PwState } from './state.ts'

const MOMENT = /atom:?\s*(\d+)\s.*?magn\s*[:=]\s*(\S+)/

/** Moments in spheres around the atoms, which `pw.x` prints at the end of a converged cycle and every so many iterations. */
export const siteBeginnings: Beginnings<PwState> = [
  ['Magnetic moment per site', (_, state) => table(state)],
  ['atom number ', (line, state) => vector(line, state)],
]

function table({ scf }: PwState): Eater {
  const moments: number[] = []
  return (line) => {
    const [, , text] = MOMENT.exec(line) ?? []
    const moment = toNumber(text)
    if (moment === null) return moments.length === 0 && line.trim() !== '' && !line.includes('total cpu')
    moments.push(moment)
    if (scf !== null) scf.siteMoments = moments
    return true
  }
}

/** Noncollinear: a block of lines per atom, of which `magnetization :` has the vector. */
function vector(line: string, { scf }: PwState): Eater {
  const atom = Number(/atom number\s+(\d+)/.exec(line)?.[1] ?? 0)
  let left = 3
  return (next) => {
    left -= 1
    const [, text] = /^\s*magnetization\s*:\s+(.*)$/.exec(next) ?? []
    const moment = text === undefined ? null : vectorOf(text.trim().split(/\s+/).map(toNumber))
    if (moment !== null && scf !== null) {
      if (atom === 1) scf.siteVectors = []
      scf.siteVectors.push(moment)
    }
    return left > 0 && moment === null
  }
}
