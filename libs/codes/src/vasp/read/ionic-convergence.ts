import { largestFreeNorm, volumeOf } from '../../reading/result.ts'
import { EV_PER_KILOBAR_ANGSTROM3, settingNumber } from './ground-state.ts'
import type { Settings, VaspRun, VaspStep } from './run.ts'

/** Forces of atoms that symmetry holds, eV/Å. */
const STILL = 1e-6
/** Å per eV/Å and unit of POTIM that VASP's minimisers move an atom in a trial step: 10⁻³ e/u in SI units, as its OUTCARs print it (`1 .order`). */
const TRIAL_STEP = 0.0964853
/** Minimisers stop before a step that promises less than EDIFFG; in every OUTCAR seen that said so, the promise was below a tenth. */
const SAFELY = 0.1
const MINIMISERS = new Set([1, 2, 3, 44])

/** Whether a minimiser was to move ions at least so many times: no MD, no finite differences, no response, no image of a chain. */
const minimises = (settings: Settings, steps: number): boolean =>
  MINIMISERS.has(settingNumber(settings, 'IBRION') ?? -1) &&
  (settingNumber(settings, 'NSW') ?? 0) >= steps &&
  (settingNumber(settings, 'IMAGES') ?? 0) === 0

/** Whether ions were to be relaxed. With NSW = 1 none moves. */
export const relaxes = (settings: Settings): boolean => minimises(settings, 2)

/**
 * "reached required accuracy" where OUTCAR or the standard output says it. vasprun.xml has no statement: there the last step must meet
 * EDIFFG, or promise less of the next one; one that does not, with fewer steps than NSW, proves nothing (null).
 */
export function ionicConvergence(run: VaspRun, additions: readonly VaspRun[], reachedElsewhere = false): boolean | null {
  if (!minimises(run.settings, 1)) return null
  const stated = [run, ...additions].map((one) => one.requiredAccuracyReached).filter((said) => said !== null)
  if (reachedElsewhere || stated.includes(true)) return true
  if (!relaxes(run.settings)) return null
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
  if (one !== null && two !== null && Math.abs(two - one) < threshold) return true
  const promised = promisedGain(last, run.settings)
  return promised !== null && promised < SAFELY * threshold
}

/** What the next trial step of IBRION = 1 or 2 would gain to first order, eV: forces and, where the cell moves, stress. */
function promisedGain(step: VaspStep, settings: Settings): number | null {
  const { forcesEvPerAngstrom: forces, stressKilobar: stress, latticeAngstrom: lattice } = step
  const minimiser = settingNumber(settings, 'IBRION')
  if (forces === null || forces.length === 0 || (minimiser !== 1 && minimiser !== 2)) return null
  let squares = sumOfSquares(forces)
  if ((settingNumber(settings, 'ISIF') ?? 2) >= 3) {
    if (stress === null || lattice === null || (settingNumber(settings, 'PSTRESS') ?? 0) !== 0) return null
    squares += (sumOfSquares(stress) * (volumeOf(lattice) * EV_PER_KILOBAR_ANGSTROM3) ** 2) / forces.length
  }
  return TRIAL_STEP * (settingNumber(settings, 'POTIM') ?? 0.5) * squares
}

const sumOfSquares = (rows: readonly (readonly number[])[]): number => rows.flat().reduce((sum, x) => sum + x * x, 0)
