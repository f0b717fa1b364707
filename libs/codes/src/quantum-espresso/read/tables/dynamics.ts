import { EV_PER_HARTREE, type Reader } from '@crystalmath/contract/plain'
import type { ReadOptions } from '../../../code-reads.ts'
import type { Reported } from '../reported.ts'
import { type Row, type Told, tableReader } from './table.ts'

type Step = { readonly energyHartree: number; readonly temperatureK: number }

/**
 * Reads `prefix.evp` of cp.x: `nfi time(ps) ekinc Tcell(K) Tion(K) etot enthal econs econt volume pressure` (energies in hartree).
 * Old releases put the time last: `nfi ekinc temphc tempp etot enthal econs econt volume pressure time`.
 */
export function energiesOfDynamics(file: string, { full }: ReadOptions): Reader<Reported> {
  const steps: Step[] = []
  let count = 0
  let last: Step | null = null
  const onRow = (row: Row): void => {
    // a temperature is never negative, an energy always
    const isOld = (row[4] ?? 0) < 0
    const step = isOld ? { energyHartree: row[4], temperatureK: row[3] } : { energyHartree: row[5], temperatureK: row[4] }
    const { energyHartree, temperatureK } = step
    if (typeof energyHartree === 'number' && typeof temperatureK === 'number') {
      count += 1
      last = { energyHartree, temperatureK }
      if (full) steps.push(last)
    }
  }
  return tableReader(file, {
    onRow,
    end(): Told {
      if (last === null) return {}
      const energyEv = last.energyHartree * EV_PER_HARTREE
      return {
        energyEv,
        energyKind: 'total',
        freeEnergyEv: energyEv,
        scfEnergyEv: energyEv,
        temperatureK: last.temperatureK,
        ionicStepCount: count,
        properties: {
          trajectory: steps.map((step) => ({ energyEv: step.energyHartree * EV_PER_HARTREE, temperatureK: step.temperatureK })),
        },
      }
    },
  })
}
