import type { Matrix3 } from '@crystalmath/contract'
import { toNumber } from '../../reading/numbers.ts'
import { volumeOf } from '../../reading/result.ts'
import type { Settings } from './run.ts'

/** VASP's defaults where a file does not say. */
export const DEFAULT_NELM = 60
const DEFAULT_EDIFF_EV = 1e-4

/** A tag's number; null if absent or unreadable. */
export const settingNumber = (settings: Settings, tag: string): number | null => toNumber(settings.get(tag)?.split(/[\s;]/)[0])

/** A tag's logical (`T`, `.TRUE.`, `True`); null if absent. */
export function settingFlag(settings: Settings, tag: string): boolean | null {
  const [, letter] = /^\s*\.?([TtFf])/.exec(settings.get(tag) ?? '') ?? []
  return letter === undefined ? null : letter.toUpperCase() === 'T'
}

const ONE_SHOT =
  /^(?:none|nothing|exact|e(?:igenval)?|s(?:ubrot)?|chi|.*gw.*|.*rpa.*|acfdt.*|mp2.*|bse|tdhf|timeev|2e4w.*|crpa.*)/i

/** Whether one pass is all that was asked for (ALGO = Exact, None, GW, …): such a run has no self-consistency loop to converge. */
const isOneShot = (settings: Settings): boolean =>
  ONE_SHOT.test((settings.get('ALGO') ?? '').trim()) && (settingNumber(settings, 'NELM') ?? DEFAULT_NELM) <= 1

/** ALGO of the GW family: eigenvalues are quasiparticle energies. */
export const isGw = (settings: Settings): boolean => /gw/i.test(settings.get('ALGO') ?? '')

/**
 * Whether a loop of `count` electronic steps converged: fewer than NELM, or a last energy change below EDIFF.
 * Null where there was no loop.
 */
export function loopConverged(count: number, lastChangeEv: number | null, settings: Settings): boolean | null {
  if (count === 0 || isOneShot(settings)) return null
  const limit = settingNumber(settings, 'NELM') ?? DEFAULT_NELM
  if (count < limit) return true
  return lastChangeEv !== null && Math.abs(lastChangeEv) < (settingNumber(settings, 'EDIFF') ?? DEFAULT_EDIFF_EV)
}

/**
 * energy(sigma->0) of an ionic step. VASP 5 writes into the ionic block of vasprun.xml TOTEN, energy(sigma->0) and EENTRO under the
 * names e_fr_energy, e_wo_entrp and e_0_energy, and leaves dispersion out of the electronic block: the difference E0 − F of the last
 * electronic step is right in all versions.
 */
export function sigmaZero(
  ionic: { readonly free: number | null; readonly zero: number | null },
  electronic: { readonly free: number | null; readonly zero: number | null },
  /** VASP 6: the ionic block is right by itself. */
  trusted: boolean,
): number | null {
  if (ionic.free === null) return null
  if (electronic.free !== null && electronic.zero !== null) {
    const expected = ionic.free + (electronic.zero - electronic.free)
    return ionic.zero !== null && Math.abs(ionic.zero - expected) < 5e-8 ? ionic.zero : Math.round(expected * 1e8) / 1e8
  }
  return trusted ? ionic.zero : null
}

/** eV per kB and Å³ (CODATA 2018). */
export const EV_PER_KILOBAR_ANGSTROM3 = 1 / 1602.176634

/** PSTRESS times volume, eV: what VASP adds to some of the energies that it prints. 0 without PSTRESS; null where the cell is not known. */
export function pressureEnergy(settings: Settings, lattice: Matrix3 | null): number | null {
  const kilobar = settingNumber(settings, 'PSTRESS') ?? 0
  if (kilobar === 0) return 0
  return lattice === null ? null : kilobar * volumeOf(lattice) * EV_PER_KILOBAR_ANGSTROM3
}
