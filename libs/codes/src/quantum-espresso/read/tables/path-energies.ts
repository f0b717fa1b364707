import type { Reader } from '@crystalmath/contract'
import type { Reported } from '../reported.ts'
import { type Row, type Told, tableReader } from './table.ts'

/** Reads `prefix.dat` of neb.x: reaction coordinate (0 to 1), energy above the first image in eV, error in eV/Å, one row per image. */
export function pathEnergies(file: string): Reader<Reported> {
  const rows: Row[] = []
  return tableReader(file, {
    onRow: (row) => void rows.push(row),
    end(): Told {
      const path = rows.map(([coordinate = null, relativeEnergyEv = null, errorEvPerAngstrom = null]) => ({
        coordinate,
        relativeEnergyEv,
        errorEvPerAngstrom,
      }))
      return { properties: { pathEnergies: path } }
    },
  })
}
