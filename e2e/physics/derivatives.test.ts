import type { CalculationResult, Structure } from '@crystalmath/contract'
import { EV_PER_RYDBERG, GPA_PER_EV_PER_ANGSTROM3 } from '@crystalmath/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ALUMINIUM, pseudopotentialsOf, TRICLINIC } from '../src/physics/crystals.ts'
import { mapped, moved, strain } from '../src/physics/geometry.ts'
import { type Laboratory, missing, openLaboratory } from '../src/physics/laboratory.ts'

const absent = missing('pw.x')

let laboratory: Laboratory
beforeAll(async () => {
  laboratory = await openLaboratory()
})
afterAll(() => laboratory.close())

type Settings = Readonly<Record<string, unknown>>

const resultOf = async (structure: Structure, settings: Settings): Promise<CalculationResult> => {
  const parameters = { pseudopotentials: pseudopotentialsOf(structure), electrons: { conv_thr: 1e-11 }, ...settings }
  const run = await laboratory.run({ structure, parameters })
  return await run.parsed()
}
const energyOf = async (structure: Structure, settings: Settings): Promise<number> =>
  (await resultOf(structure, settings)).energyEv ?? Number.NaN

/** dE/dx over ±`step`. */
async function slope(at: (amount: number) => Structure, step: number, settings: Settings): Promise<number> {
  const [above, below] = await Promise.all([energyOf(at(step), settings), energyOf(at(-step), settings)])
  return (above - below) / (2 * step)
}

describe.skipIf(absent.length > 0)('what is read from real runs of pw.x', () => {
  it('has forces that are −dE/dx in a crystal without symmetry', async () => {
    const settings = { cutoffRydberg: 20, kMesh: [2, 2, 2], smearing: null }
    const { forcesEvPerAngstrom } = await resultOf(TRICLINIC, settings)
    const [force = [Number.NaN, Number.NaN, Number.NaN]] = forcesEvPerAngstrom ?? []
    const differences = []
    for (const axis of [0, 1, 2] as const)
      differences.push(Math.abs(force[axis] + (await slope((by) => moved(TRICLINIC, 0, axis, by), 0.01, settings))))
    expect(Math.max(...differences)).toBeLessThan(1e-3)
    // three unequal components, or a mixed-up axis would not show
    const [x, y, z] = force
    expect(Math.min(Math.abs(x - y), Math.abs(y - z), Math.abs(x - z))).toBeGreaterThan(0.1)
  })

  it('has a stress that is dE/dε per volume', async () => {
    const settings = { cutoffRydberg: 60, kMesh: [2, 2, 1], smearing: null }
    const { stressGpa, volumeAngstrom3 } = await resultOf(TRICLINIC, settings)
    const volume = volumeAngstrom3 ?? Number.NaN
    const components = [
      [0, 0],
      [2, 2],
      [0, 1],
    ] as const
    for (const [row, column] of components) {
      const slopeEv = await slope((by) => mapped(TRICLINIC, strain(row, column, by)), 0.005, settings)
      const derivative = (slopeEv / volume) * GPA_PER_EV_PER_ANGSTROM3
      expect(Math.abs(derivative - (stressGpa?.[row]?.[column] ?? Number.NaN))).toBeLessThan(0.01)
    }
  })

  it('has F, −TS and E of a smeared metal in their places, and forces that are −dF/dx', async () => {
    const settings = {
      cutoffRydberg: 16,
      kMesh: [3, 3, 2],
      smearing: { kind: 'gaussian', widthEv: 0.8 },
    }
    const parameters = { pseudopotentials: pseudopotentialsOf(ALUMINIUM), electrons: { conv_thr: 1e-11 }, ...settings }
    const run = await laboratory.run({ structure: ALUMINIUM, parameters })
    const { freeEnergyEv, energyEv, energyKind, entropyTermEv, forcesEvPerAngstrom } = await run.parsed()
    expect([energyKind, energyEv]).toEqual(['free', freeEnergyEv])
    const printed = (words: RegExp) => Number(words.exec(run.output)?.[1]) * EV_PER_RYDBERG
    const internalEv = (freeEnergyEv ?? Number.NaN) - (entropyTermEv ?? Number.NaN)
    expect(internalEv).toBeCloseTo(printed(/internal energy E=F\+TS += +(\S+) Ry/), 6)
    const parts = ['one-electron', 'hartree', 'xc', 'ewald'].map((part) =>
      printed(new RegExp(`${part} +contribution += +(\\S+) Ry`)),
    )
    expect(internalEv).toBeCloseTo(
      parts.reduce((sum, part) => sum + part, 0),
      5,
    )
    expect(entropyTermEv).toBeLessThan(-0.01)

    const [, force = [Number.NaN, Number.NaN, Number.NaN]] = forcesEvPerAngstrom ?? []
    for (const axis of [0, 2] as const) {
      const slopeEv = await slope((by) => moved(ALUMINIUM, 1, axis, by), 0.01, settings)
      expect(Math.abs(force[axis] + slopeEv)).toBeLessThan(1e-3)
    }
  })
})
