import type { CalculationResult, Structure, Vector3 } from '@crystalmath/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NICKEL, pseudopotentialsOf, THREE_ATOMS, TRICLINIC } from '../src/physics/crystals.ts'
import { doubledAlongC, farthest, mapped, permuted, product, rotation, times, transposed } from '../src/physics/geometry.ts'
import { type Laboratory, missing, openLaboratory } from '../src/physics/laboratory.ts'

const absent = missing('pw.x')

let laboratory: Laboratory
beforeAll(async () => {
  laboratory = await openLaboratory()
})
afterAll(() => laboratory.close())

type Settings = Readonly<Record<string, unknown>>

/** Everything that is compared, none of it missing. */
async function resultOf(structure: Structure, settings: Settings) {
  const parameters = { pseudopotentials: pseudopotentialsOf(structure), electrons: { conv_thr: 1e-11 }, ...settings }
  const run = await laboratory.run({ structure, parameters })
  return complete(await run.parsed())
}

function complete(result: CalculationResult) {
  const { energyEv, forcesEvPerAngstrom, stressGpa, structure } = result
  if (energyEv === null || forcesEvPerAngstrom === null || stressGpa === null || structure === null)
    throw new Error(`energy, forces, stress or structure are missing: ${JSON.stringify(result.diagnoses)}`)
  return { result, energyEv, forces: forcesEvPerAngstrom, stressGpa, structure }
}

const METAL = { cutoffRydberg: 16, kMesh: [2, 2, 2], smearing: { kind: 'gaussian', widthEv: 0.4 } }

describe.skipIf(absent.length > 0)('what is read from real runs of pw.x', () => {
  it('belongs to the atom it is written at, in whatever order they come', async () => {
    const order = [2, 0, 1]
    const [one, other] = await Promise.all([resultOf(THREE_ATOMS, METAL), resultOf(permuted(THREE_ATOMS, order), METAL)])
    expect(other.structure.species).toEqual(['Si', 'Al', 'As'])
    const mappedBack = order.map((_, atom): Vector3 => other.forces[order.indexOf(atom)] ?? [Number.NaN, 0, 0])
    expect(farthest(mappedBack, one.forces)).toBeLessThan(1e-4)
    expect(farthest(other.forces, one.forces)).toBeGreaterThan(0.1)
    expect(farthest(other.stressGpa, one.stressGpa)).toBeLessThan(1e-3)
    expect(Math.abs(other.energyEv - one.energyEv)).toBeLessThan(1e-6)
  })

  it('turns with the crystal', async () => {
    const turn = rotation([1, 2, -0.7], 0.9)
    const [one, other] = await Promise.all([resultOf(THREE_ATOMS, METAL), resultOf(mapped(THREE_ATOMS, turn), METAL)])
    const back = transposed(turn)
    const forces = other.forces.map((force) => times(back, force))
    expect(farthest(forces, one.forces)).toBeLessThan(1e-4)
    expect(farthest(other.forces, one.forces)).toBeGreaterThan(0.1)
    expect(farthest(product(product(back, other.stressGpa), turn), one.stressGpa)).toBeLessThan(1e-3)
    expect(farthest(other.stressGpa, one.stressGpa)).toBeGreaterThan(0.1)
    expect(farthest(mapped(other.structure, back).positionsAngstrom, one.structure.positionsAngstrom)).toBeLessThan(1e-7)
    expect(Math.abs(other.energyEv - one.energyEv)).toBeLessThan(1e-6)
  })

  it('is twice as much in a cell of twice the size', async () => {
    const [one, two] = await Promise.all([
      resultOf(TRICLINIC, { cutoffRydberg: 20, kMesh: [2, 2, 2], smearing: null }),
      resultOf(doubledAlongC(TRICLINIC), { cutoffRydberg: 20, kMesh: [2, 2, 1], smearing: null }),
    ])
    expect(Math.abs(two.energyEv - 2 * one.energyEv)).toBeLessThan(1e-5)
    expect(farthest(two.forces, [...one.forces, ...one.forces])).toBeLessThan(1e-4)
    expect(farthest(two.stressGpa, one.stressGpa)).toBeLessThan(1e-2)
    expect(two.result.atomCount).toBe(4)
    expect(two.result.method?.electronCount).toBe(2 * (one.result.method?.electronCount ?? Number.NaN))
  })

  it('is the same for nickel with collinear and with noncollinear spins, as long as spin and orbit are apart', async () => {
    const settings = {
      cutoffRydberg: 24,
      densityCutoffRydberg: 240,
      kMesh: [3, 3, 3],
      smearing: { kind: 'gaussian', widthEv: 0.3 },
    }
    const [one, other] = await Promise.all([
      resultOf(NICKEL, settings),
      resultOf(NICKEL, { ...settings, system: { noncolin: true } }),
    ])
    expect([one.result.method?.noncollinear, other.result.method?.noncollinear]).toEqual([false, true])
    expect(Math.abs(one.energyEv - other.energyEv)).toBeLessThan(1e-4)
    expect(Math.abs((one.result.fermiEnergyEv ?? Number.NaN) - (other.result.fermiEnergyEv ?? Number.NaN))).toBeLessThan(2e-3)
    expect(farthest(one.stressGpa, other.stressGpa)).toBeLessThan(0.02)
    const moment = one.result.totalMagnetizationBohr ?? Number.NaN
    expect(moment).toBeGreaterThan(0.4)
    const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = other.result.totalMagnetizationVectorBohr ?? []
    expect(Math.hypot(x, y)).toBeLessThan(0.01)
    expect(Math.abs(Math.abs(z) - moment)).toBeLessThan(0.011)
  })
})
