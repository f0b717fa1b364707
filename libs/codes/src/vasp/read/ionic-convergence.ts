import { largestFreeNorm } from '../../reading/result.ts'
import { settingNumber } from './ground-state.ts'
import type { Settings, VaspRun } from './run.ts'

/** Forces of atoms that symmetry holds, eV/Å. */
const STILL = 1e-6
const MINIMISERS = new Set([1, 2, 3, 44])

/** Whether ions were to be relaxed: not static, not MD, no finite differences, no response, no image of a chain. */
export function relaxes(settings: Settings): boolean {
  return (
    MINIMISERS.has(settingNumber(settings, 'IBRION') ?? -1) &&
    (settingNumber(settings, 'NSW') ?? 0) > 0 &&
    (settingNumber(settings, 'IMAGES') ?? 0) === 0
  )
}

/**
 * "reached required accuracy" where OUTCAR or the standard output says it. vasprun.xml has no statement: there the last step must meet
 * EDIFFG; one that does not, with fewer steps than NSW, proves nothing (null).
 */
export function ionicConvergence(run: VaspRun, additions: readonly VaspRun[], reachedElsewhere = false): boolean | null {
  if (!relaxes(run.settings)) return null
  const stated = [run, ...additions].map((one) => one.requiredAccuracyReached).filter((said) => said !== null)
  if (reachedElsewhere || stated.includes(true)) return true
  if (stated.length > 0 || !run.complete) return false
  if (meetsEdiffg(run)) return true
  return run.stepCount >= (settingNumber(run.settings, 'NSW') ?? 0) ? false : null
}

function meetsEdiffg(run: VaspRun): boolean {
  const threshold = settingNumber(run.settings, 'EDIFFG') ?? (settingNumber(run.settings, 'EDIFF') ?? 1e-4) * 10
  const { last, steps } = run
  if (last === null || last.electronicConverged === false) return false
  const fixed = run.fixed === null ? undefined : [...run.fixed]
  const force = last.forcesEvPerAngstrom === null ? null : largestFreeNorm([...last.forcesEvPerAngstrom], fixed)
  if (threshold < 0) return force !== null && force <= -threshold
  if ((settingNumber(run.settings, 'ISIF') ?? 3) < 3 && force !== null && force < STILL) return true
  const [one, two] = [steps.at(-2)?.freeEnergyEv ?? null, steps.at(-1)?.freeEnergyEv ?? null]
  return one !== null && two !== null && Math.abs(two - one) < threshold
}
