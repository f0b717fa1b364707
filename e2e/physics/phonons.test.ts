import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Matrix3, Structure, Vector3 } from '@crystalmath/contract'
import { parsePath } from '@crystalmath/files'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pseudopotentialsOf, ZINCBLENDE } from '../src/physics/crystals.ts'
import { hasPython, type Laboratory, missing, openLaboratory, python } from '../src/physics/laboratory.ts'

const absent = missing('pw.x', 'ph.x')
const hasPhonopy = hasPython('phonopy')

let laboratory: Laboratory
let folder: string
beforeAll(async () => {
  laboratory = await openLaboratory()
  folder = await mkdtemp(join(tmpdir(), 'crystalmath-phonopy-'))
})
afterAll(async () => {
  await laboratory.close()
  await rm(folder, { recursive: true, force: true })
})

const PHONOPY = `
import json, sys
import numpy as np
from phonopy import Phonopy
from phonopy.structure.atoms import PhonopyAtoms
given = json.load(sys.stdin)
cell = PhonopyAtoms(symbols=given['species'], cell=given['latticeAngstrom'], positions=given['positionsAngstrom'])
phonons = Phonopy(cell, np.eye(3, dtype=int), log_level=0)
phonons.generate_displacements(distance=0.01)
if 'forces' in given:
    phonons.forces = np.array(given['forces'])
    phonons.produce_force_constants()
    phonons.run_qpoints([[0, 0, 0]])
    phonons.write_yaml_qpoints_phonon()
    print('null')
else:
    cells = phonons.supercells_with_displacements
    print(json.dumps([{'latticeAngstrom': one.cell.tolist(), 'species': one.symbols, 'positionsAngstrom': one.positions.tolist()} for one in cells]))
`

type Displaced = { readonly latticeAngstrom: Matrix3; readonly species: string[]; readonly positionsAngstrom: Vector3[] }

const settings = { pseudopotentials: pseudopotentialsOf(ZINCBLENDE), cutoffRydberg: 16, kMesh: [3, 3, 3], smearing: null }
const electrons = { conv_thr: 1e-12 }

/** Frequencies at Γ that phonopy makes of forces of ours, cm⁻¹. */
async function fromForces(crystal: Structure): Promise<readonly number[]> {
  const cells = python(PHONOPY, crystal) as readonly Displaced[]
  const results = await Promise.all(
    cells.map(async (structure) => {
      const run = await laboratory.run({ structure, parameters: { ...settings, electrons } })
      return await run.parsed()
    }),
  )
  python(PHONOPY, { ...crystal, forces: results.map(({ forcesEvPerAngstrom }) => forcesEvPerAngstrom) }, folder)
  const { properties } = await parsePath(join(folder, 'qpoints.yaml'), { full: true })
  return properties.vibrationalFrequenciesPerCm ?? []
}

/** Frequencies at Γ of linear response, cm⁻¹. */
async function fromResponse(structure: Structure): Promise<readonly number[]> {
  const steps = [
    { program: 'pw', electrons },
    { program: 'ph', inputph: { tr2_ph: 1e-14 } },
  ]
  const run = await laboratory.run({ structure, parameters: { ...settings, steps } })
  return (await run.parsed()).properties.vibrationalFrequenciesPerCm ?? []
}

describe.skipIf(absent.length > 0 || !hasPhonopy)('the modes at Γ', () => {
  it('are those of ph.x where phonopy computes them from forces that were read', async () => {
    const [ours, linear] = await Promise.all([fromForces(ZINCBLENDE), fromResponse(ZINCBLENDE)])
    expect([ours.length, linear.length]).toEqual([6, 6])
    // three acoustic ones, then the optical ones
    for (const mode of [3, 4, 5]) {
      expect(linear[mode]).toBeGreaterThan(300)
      expect(Math.abs((ours[mode] ?? Number.NaN) - (linear[mode] ?? Number.NaN))).toBeLessThan(2)
    }
  })
})
