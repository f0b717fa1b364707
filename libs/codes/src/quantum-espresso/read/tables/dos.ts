import type { Reader } from '@crystalmath/contract'
import type { ReadOptions } from '../../../code-reads.ts'
import { toNumber } from '../../../reading/numbers.ts'
import type { Reported } from '../reported.ts'
import { column, type Row, type Told, tableReader } from './table.ts'

/** Reads `prefix.dos` of dos.x: energies in eV on the scale of the run (not shifted), states/eV/cell, and the Fermi energy of its head line. */
export function dosTable(file: string, { full }: ReadOptions): Reader<Reported> {
  const rows: Row[] = []
  let spins = 1
  let fermiEnergyEv: number | null = null
  return tableReader(file, {
    onText(line) {
      if (line.includes('dosup')) spins = 2
      fermiEnergyEv = toNumber(/EFermi\s*=\s*(\S+)/.exec(line)?.[1]) ?? fermiEnergyEv
    },
    onRow(row) {
      if (full) rows.push(row)
    },
    end: (): Told => ({ fermiEnergyEv, properties: full ? dosOf(rows, spins, fermiEnergyEv) : {} }),
  })
}

function dosOf(rows: readonly Row[], spins: number, fermiEnergyEv: number | null): NonNullable<Told['properties']> {
  const energiesEv = column(rows, 0)
  const densities = spins === 2 ? [column(rows, 1), column(rows, 2)] : [column(rows, 1)]
  const integrated = spins === 2 ? null : column(rows, 2)
  const known = densities.filter((density) => density !== null)
  if (energiesEv === null || known.length !== densities.length) return {}
  return { dos: { energiesEv, densities: known, ...(integrated === null ? {} : { integrated: [integrated] }), fermiEnergyEv } }
}
