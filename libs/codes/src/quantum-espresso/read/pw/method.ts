import { EV_PER_RYDBERG, type Method } from '@crystalmath/contract'
import { times } from '../units.ts'
import type { PwState } from './state.ts'

/** What the header says was computed; null where there is no header. */
export function methodOf({ header, run }: PwState): Method | null {
  if (run.program === null && header.cutoffRy === null) return null
  return {
    functional: header.functional,
    dispersion: header.dispersion,
    hubbardU: Object.keys(header.hubbardU).length === 0 ? null : header.hubbardU,
    spinPolarized: header.spinPolarized,
    noncollinear: header.noncollinear,
    spinOrbit: header.spinOrbit,
    electronCount: header.electronCount,
    cutoffEv: times(header.cutoffRy, EV_PER_RYDBERG),
    densityCutoffEv: times(header.densityCutoffRy, EV_PER_RYDBERG),
    kPointCount: header.kPointCount,
    bandCount: header.bandCount,
    smearing: header.smearing ?? (header.kPointCount === null ? null : 'fixed'),
    smearingWidthEv: times(header.smearingWidthRy, EV_PER_RYDBERG),
    basis: 'plane waves',
    pseudopotentials: header.pseudopotentials.length === 0 ? null : [...header.pseudopotentials],
    thresholds: thresholdsOf(header),
  }
}

function thresholdsOf(header: PwState['header']): Record<string, number> | null {
  const entries = [
    ['scfConvergenceRy', header.convThresholdRy],
    ['energyConvergenceRy', header.energyThresholdRy],
    ['forceConvergenceRyPerBohr', header.forceThresholdRy],
  ].filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  return entries.length === 0 ? null : Object.fromEntries(entries)
}
