import { EV_PER_RYDBERG, type Method } from '@crystalmath/contract/plain'
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
    charge: chargeOf(header),
    electronCount: header.electronCount,
    cutoffEv: times(header.cutoffRy, EV_PER_RYDBERG),
    densityCutoffEv: times(header.densityCutoffRy, EV_PER_RYDBERG),
    kPointCount: kPointsOf(header),
    bandCount: header.bandCount,
    smearing: header.smearing ?? (header.kPointCount === null ? null : 'fixed'),
    smearingWidthEv: times(header.smearingWidthRy, EV_PER_RYDBERG),
    basis: 'plane waves',
    pseudopotentials: header.pseudopotentials.length === 0 ? null : [...header.pseudopotentials],
    thresholds: thresholdsOf(header),
  }
}

/** pw.x 5 counts and lists each k point for either spin. */
function kPointsOf({ kPointCount, kWeightSum, spinPolarized }: PwState['header']): number | null {
  const doubled = spinPolarized && kWeightSum > 1.5 && kPointCount !== null && kPointCount % 2 === 0
  return doubled ? kPointCount / 2 : kPointCount
}

function thresholdsOf(header: PwState['header']): Record<string, number> | null {
  const entries = [
    ['scfConvergenceRy', header.convThresholdRy],
    ['energyConvergenceRy', header.energyThresholdRy],
    ['forceConvergenceRyPerBohr', header.forceThresholdRy],
  ].filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  return entries.length === 0 ? null : Object.fromEntries(entries)
}

/** Valence electrons of the atoms minus the electrons there are, to the two digits that are printed; null where a species is not listed. */
function chargeOf({ labels, valences, electronCount }: PwState['header']): number | null {
  if (electronCount === null || labels.length === 0) return null
  let sum = 0
  for (const label of labels) {
    const valence = valences[label]
    if (valence === undefined) return null
    sum += valence
  }
  return Math.round((sum - electronCount) * 100) / 100 + 0
}
