import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { PermanentError } from '@crystalmath/contract'
import { type Group, File as Hdf5File, ready } from 'h5wasm/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parsePath } from './parse-path.ts'

let folder = ''
beforeAll(async () => {
  await ready
  folder = await mkdtemp(join(tmpdir(), 'crystalmath-hdf5-'))
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

type Dataset = { readonly data: number | string | readonly string[] | Float64Array | Int32Array; readonly shape?: number[] }
const floats = (shape: number[], ...data: number[]): Dataset => ({ data: new Float64Array(data), shape })
const ints = (...data: number[]): Dataset => ({ data: new Int32Array(data), shape: [data.length] })

/** What VASP 6.5 writes of two ionic steps of two atoms. */
const VASPOUT: Readonly<Record<string, Dataset>> = {
  'version/major': { data: 6 },
  'version/minor': { data: 5 },
  'version/patch': { data: 1 },
  'input/incar/SYSTEM': { data: 'silicon\twith a tab' },
  'input/incar/NSW': { data: 5 },
  'input/incar/IBRION': { data: 2 },
  'input/incar/EDIFFG': { data: -0.02 },
  'results/positions/ion_types': { data: ['Si'] },
  'results/positions/number_ion_types': ints(2),
  'intermediate/ion_dynamics/scale': { data: 1 },
  'intermediate/ion_dynamics/energies_tags': {
    data: ['free energy    TOTEN   ', 'energy without entropy ', 'energy(sigma->0)       '],
  },
  'intermediate/ion_dynamics/energies': floats([2, 3], -10.5, -10.4, -10.45, -10.9, -10.7, -10.8),
  'intermediate/ion_dynamics/electronic_step_converged': ints(0, 0),
  'intermediate/ion_dynamics/oszicar': floats([5, 2], 1, -9, 2, -10.5, 1, -10.6, 2, -10.8, 3, -10.9),
  'intermediate/ion_dynamics/lattice_vectors': floats([2, 3, 3], ...[4, 5].flatMap((a) => [a, 0, 0, 0, a, 0, 0, 0, a])),
  'intermediate/ion_dynamics/position_ions': floats([2, 2, 3], 0, 0, 0, 0.5, 0.5, 0.5, 0, 0, 0, 0.25, 0.25, 0.25),
  'intermediate/ion_dynamics/forces': floats([2, 2, 3], 1, 0, 0, -1, 0, 0, 0, 0.006, 0.008, 0, -0.006, -0.008),
  'intermediate/ion_dynamics/stress': floats([2, 3, 3], ...[10, 20].flatMap((p) => [p, 0, 0, 0, p, 0, 0, 0, p])),
  'results/electron_dos/efermi': { data: 5.5 },
  'results/electron_eigenvalues/kpoint_coords': floats([2, 3], 0, 0, 0, 0.5, 0, 0),
  'results/electron_eigenvalues/eigenvalues': floats([1, 2, 2], 5, 6.5, 4, 6),
  'results/electron_eigenvalues/fermiweights': floats([1, 2, 2], 1, 0, 1, 0),
}

function write(name: string, datasets: Readonly<Record<string, Dataset>>): string {
  const path = join(folder, name)
  const file = new Hdf5File(path, 'w')
  for (const [at, { data, shape }] of Object.entries(datasets)) {
    const parts = at.split('/')
    const last = parts.pop() ?? ''
    let group: Group = file
    for (const part of parts) group = group.keys().includes(part) ? (group.get(part) as Group) : group.create_group(part)
    group.create_dataset({ name: last, data: data as Float64Array, ...(shape && { shape }) })
  }
  file.close()
  return path
}

describe('vaspout.h5', () => {
  it('gives the last ionic step, its cell, levels and cost', async () => {
    expect(await parsePath(write('vaspout.h5', VASPOUT))).toMatchObject({
      code: 'vasp',
      codeVersion: '6.5.1',
      termination: 'normal',
      electronicConverged: true,
      ionicConverged: true,
      energyEv: -10.8,
      energyKind: 'sigma0',
      freeEnergyEv: -10.9,
      maxForceEvPerAngstrom: 0.01,
      stressGpa: [
        [-2, 0, 0],
        [0, -2, 0],
        [0, 0, -2],
      ],
      structure: {
        species: ['Si', 'Si'],
        positionsAngstrom: [
          [0, 0, 0],
          [1.25, 1.25, 1.25],
        ],
      },
      ionicStepCount: 2,
      scfStepCounts: [2, 3],
      fermiEnergyEv: 5.5,
      vbmEv: 5,
      cbmEv: 6,
      bandGapEv: 1,
      bandGapDirect: false,
      method: { kPointCount: 2, spinPolarized: false },
      diagnoses: [],
      warnings: [],
    })
  })

  it('gives every step in full', async () => {
    const { properties } = await parsePath(write('full.h5', VASPOUT), { full: true })
    expect(properties.trajectory?.map(({ energyEv, maxForceEvPerAngstrom }) => [energyEv, maxForceEvPerAngstrom])).toEqual([
      [-10.45, 1],
      [-10.8, 0.01],
    ])
    expect(properties.bands?.eigenvaluesEv).toEqual([
      [
        [5, 6.5],
        [4, 6],
      ],
    ])
  })

  it('gives no energy where the electrons did not converge, or the version does not tell', async () => {
    const {
      'intermediate/ion_dynamics/electronic_step_converged': _,
      'intermediate/ion_dynamics/oszicar': __,
      ...older
    } = VASPOUT
    const unconverged = { ...VASPOUT, 'intermediate/ion_dynamics/electronic_step_converged': ints(0, 1) }
    expect(await parsePath(write('older.h5', older))).toMatchObject({
      electronicConverged: null,
      energyEv: null,
      unconvergedEnergyEv: -10.8,
      warnings: [expect.stringContaining('does not tell whether')],
    })
    expect(await parsePath(write('unconverged.h5', unconverged))).toMatchObject({ energyEv: null, electronicConverged: false })
  })

  it('that is torn, or another program wrote, is refused in words', async () => {
    const bytes = await readFile(write('whole.h5', VASPOUT))
    await writeFile(join(folder, 'torn.h5'), bytes.subarray(0, bytes.length / 2))
    const refused = async (name: string) => await parsePath(join(folder, name)).catch((error: unknown) => error)
    expect(await refused('torn.h5')).toBeInstanceOf(PermanentError)
    expect(String(await refused('torn.h5'))).toMatch(/HDF5 data are damaged or not complete/)
    await writeFile(join(folder, 'vaspout.h5.gz'), gzipSync(bytes))
    expect(String(await refused('vaspout.h5.gz'))).toMatch(/a compressed HDF5 file; decompress it/)
    write('other.h5', { 'data/x': floats([2], 1, 2) })
    expect(String(await refused('other.h5'))).toMatch(/not recognised/)
  })
})
