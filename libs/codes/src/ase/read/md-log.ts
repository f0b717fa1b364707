import type { Reader } from '@crystalmath/contract'
import { eachLine } from '../../reading/hits.ts'
import { toNumbers } from '../../reading/numbers.ts'

/** The newest row of a molecular dynamics log. */
export type MdLog = {
  rowCount: number
  potentialEv: number | null
  kineticEv: number | null
  temperatureK: number | null
  perAtom: boolean
  torn: boolean
}

/** Reads the log of ASE's `MDLogger`: `Time[ps]  Etot[eV]  Epot[eV]  Ekin[eV]  T[K]`, without time where that is fixed. */
export function mdLog(): Reader<MdLog> {
  const found: MdLog = { rowCount: 0, potentialEv: null, kineticEv: null, temperatureK: null, perAtom: false, torn: false }
  let columns: string[] = []
  const row = (text: string) => {
    if (text.includes('Epot')) {
      columns = text.trim().split(/ +/)
      found.perAtom = /Epot\/N/.test(text)
      return
    }
    const numbers = toNumbers(text)
    if (numbers === null || numbers.length < columns.length || columns.length === 0) return
    const column = (name: string) => numbers[columns.findIndex((one) => one.startsWith(name))] ?? null
    found.rowCount += 1
    found.potentialEv = column('Epot')
    found.kineticEv = column('Ekin')
    found.temperatureK = column('T[K]')
  }
  return {
    feed(block, firstLine) {
      const end = block.lastIndexOf('\n') + 1
      eachLine(block.slice(0, end), firstLine, row)
      found.torn = end < block.length
    },
    end: () => found,
  }
}
