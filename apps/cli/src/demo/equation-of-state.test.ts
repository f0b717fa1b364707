import { GPA_PER_EV_PER_ANGSTROM3 } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { fitEnergies, fitPressures } from './equation-of-state.ts'

/** Birch–Murnaghan as textbooks write it: V0 in Å³, B0 in GPa. */
const energy = (v: number, v0: number, b0: number, slope: number): number => {
  const x = (v0 / v) ** (2 / 3)
  return ((9 * v0 * (b0 / GPA_PER_EV_PER_ANGSTROM3)) / 16) * ((x - 1) ** 3 * slope + (x - 1) ** 2 * (6 - 4 * x)) - 215.5
}
const pressure = (v: number, v0: number, b0: number, slope: number): number => {
  const y = (v0 / v) ** (1 / 3)
  return 1.5 * b0 * (y ** 7 - y ** 5) * (1 + 0.75 * (slope - 4) * (y ** 2 - 1))
}
const VOLUMES = [36, 37, 38, 39, 40, 41, 42]

describe('the equation of state', () => {
  it('finds the minimum and the curvature that energies were made from', () => {
    const fit = fitEnergies(
      VOLUMES,
      VOLUMES.map((v) => energy(v, 39.2, 96, 4.2)),
      4,
    )
    expect(fit.volumeAngstrom3).toBeCloseTo(39.2, 5)
    expect(fit.bulkModulusGpa).toBeCloseTo(96, 3)
    expect(fit.latticeConstantAngstrom).toBeCloseTo(Math.cbrt(4 * 39.2), 6)
  })
  it('finds them from pressures too', () => {
    const fit = fitPressures(
      VOLUMES,
      VOLUMES.map((v) => pressure(v, 39.2, 96, 4.2)),
      4,
    )
    expect(fit.volumeAngstrom3).toBeCloseTo(39.2, 5)
    expect(fit.bulkModulusGpa).toBeCloseTo(96, 3)
  })
  it('refuses volumes that do not enclose the minimum', () => {
    expect(() =>
      fitEnergies(
        [30, 31, 32, 33, 34],
        [30, 31, 32, 33, 34].map((v) => energy(v, 39.2, 96, 4)),
        4,
      ),
    ).toThrow('do not enclose')
  })
})
