import type { Reader } from '@crystalmath/contract'
import type { ReadOptions } from '../../../code-reads.ts'
import type { Reported } from '../reported.ts'
import { column, type Row, type Told, tableReader } from './table.ts'

/** Reads `epsr_*.dat` and `epsi_*.dat` of epsilon.x: the mean of the three Cartesian directions by energy in eV, and each of them. */
export function dielectricFunction(file: string, { full }: ReadOptions): Reader<Reported> {
  const rows: Row[] = []
  let part: 'epsilonReal' | 'epsilonImaginary' | null = null
  return tableReader(file, {
    onText(line) {
      part ??= /epsr/.test(line) ? 'epsilonReal' : /epsi/.test(line) ? 'epsilonImaginary' : null
    },
    onRow(row) {
      if (full) rows.push(row)
    },
    end(): Told {
      const [energiesEv, x, y, z] = [0, 1, 2, 3].map((at) => column(rows, at))
      if (part === null || rows.length === 0 || energiesEv == null || x == null || y == null || z == null) return {}
      const mean = x.map((value, i) => (value + (y[i] ?? value) + (z[i] ?? value)) / 3)
      return { properties: { spectrum: { energiesEv, [part]: mean }, [`${part}ByDirection`]: [x, y, z] } }
    },
  })
}
