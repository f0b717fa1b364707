import type { Reader } from '@crystalmath/contract'
import type { ReadOptions } from '../../../code-reads.ts'
import type { Reported } from '../reported.ts'
import { column, type Row, type Told, tableReader } from './table.ts'

const NAME = /pdos_atm#(\d+)\(([^)]*)\)_wfc#\d+\(([^)]*)\)/

/**
 * Reads `prefix.pdos_tot` and `prefix.pdos_atm#1(Si)_wfc#2(p)` of projwfc.x: states/eV; of an atomic one the sum over m, for the atom and the
 * orbital that its name tells. Files resolved by k point are left alone.
 */
export function projectedDos(file: string, { full }: ReadOptions): Reader<Reported> {
  const [, atom, , orbital = ''] = NAME.exec(file) ?? []
  const rows: Row[] = []
  let spins = 1
  let byK = false
  return tableReader(file, {
    onText(line) {
      if (/dosup/.test(line)) spins = 2
      if (/^#\s*ik/.test(line)) byK = true
    },
    onRow(row) {
      if (full && !byK) rows.push(row)
    },
    end(): Told {
      const energiesEv = column(rows, 0)
      const densities = Array.from({ length: spins }, (_, spin) => column(rows, spin + 1))
      const known = densities.filter((density) => density !== null)
      if (rows.length === 0 || energiesEv === null || known.length !== spins) return {}
      if (atom === undefined) return { properties: { dos: { energiesEv, densities: known } } }
      const site = Number(atom) - 1
      return {
        properties: {
          dos: {
            energiesEv,
            densities: [],
            projected: known.map((density, spin) => ({ site, orbital, spin, densities: density })),
          },
        },
      }
    },
  })
}
