import type { Vector3 } from '@crystalmath/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CUBIC_OXIDE, pseudopotentialsOf } from '../src/physics/crystals.ts'
import { type Laboratory, missing, openLaboratory, type Run } from '../src/physics/laboratory.ts'

const absent = missing('pw.x', 'pw2wannier90.x', 'wannier90.x')

let laboratory: Laboratory
beforeAll(async () => {
  laboratory = await openLaboratory()
})
afterAll(() => laboratory.close())

/** Many points along c alone: the bands between them are then a matter of milli-electronvolts. */
const MESH: Vector3 = [1, 1, 16]
const BANDS = 8
/** eV: above the five bands that 2s and 2p of oxygen and 3s of magnesium make along the path, below the next one. */
const FROZEN_TO = 14
const wannier = { wannierFunctionCount: 5, bandCount: BANDS, kMesh: MESH, projections: ['O:s', 'O:p', 'Mg:s'] }
/** With a lower cut-off the bands of pw.x have steps of 10 meV themselves, where plane waves come in. */
const electronic = {
  pseudopotentials: pseudopotentialsOf(CUBIC_OXIDE),
  cutoffRydberg: 36,
  densityCutoffRydberg: 240,
  smearing: null,
}
const electrons = { conv_thr: 1e-9, diago_full_acc: true }

const filesOf = async (run: Run, endings: readonly string[]) =>
  await Promise.all(endings.map(async (ending) => ({ path: `wannier90.${ending}`, text: await run.text(`wannier90.${ending}`) })))

/** All points of the mesh, the third index fastest, as Wannier90 wants them. */
const points = ([n1, n2, n3]: Vector3): readonly Vector3[] => {
  const steps = (count: number) => Array.from({ length: count }, (_, index) => index / count)
  return steps(n1).flatMap((x) => steps(n2).flatMap((y) => steps(n3).map((z): Vector3 => [x, y, z])))
}

async function interpolated(): Promise<Run> {
  const setup = await laboratory.run({
    code: 'wannier90',
    structure: CUBIC_OXIDE,
    parameters: { ...wannier, calculation: 'setup' },
  })
  const steps = [
    { program: 'pw', kMesh: [2, 2, 2], electrons },
    { program: 'pw', calculation: 'nscf', kPoints: points(MESH), system: { nosym: true, noinv: true, nbnd: BANDS }, electrons },
    { program: 'pw2wannier90', inputpp: { write_amn: true, write_mmn: true } },
  ]
  const overlaps = await laboratory.run({
    structure: CUBIC_OXIDE,
    parameters: { ...electronic, steps },
    extraFiles: await filesOf(setup, ['nnkp']),
  })
  const win = { dis_froz_max: FROZEN_TO, dis_win_max: 25, dis_num_iter: 200, num_iter: 1000, bands_num_points: 13 }
  const [from, to] = [
    { label: 'G', point: [0, 0, 0] },
    { label: 'X', point: [0, 0, 0.5] },
  ]
  return await laboratory.run({
    code: 'wannier90',
    structure: CUBIC_OXIDE,
    parameters: { ...wannier, win, kPath: [[from, to]] },
    extraFiles: await filesOf(overlaps, ['mmn', 'amn', 'eig']),
  })
}

describe.skipIf(absent.length > 0)('Wannier functions of magnesium oxide', () => {
  it('interpolate the bands that pw.x computes between the points of their mesh', async () => {
    const { properties } = await (await interpolated()).parsed()
    const kPoints = properties.bands?.kPoints ?? []
    const ours = properties.bands?.eigenvaluesEv[0] ?? []
    expect(kPoints.length).toBeGreaterThan(12)
    const isOnMesh = (k: Vector3) => k.every((x) => Math.abs(x * 16 - Math.round(x * 16)) < 1e-6)
    expect(kPoints.filter((k) => !isOnMesh(k)).length).toBeGreaterThan(10)

    const run = await laboratory.run({
      structure: CUBIC_OXIDE,
      parameters: { ...electronic, calculation: 'bands', kMesh: [2, 2, 2], kPoints, system: { nbnd: BANDS }, electrons },
    })
    const [theirs = []] = (await run.parsed('bands.out')).properties.bands?.eigenvaluesEv ?? []
    expect(theirs).toHaveLength(kPoints.length)
    const errors = theirs.flatMap((row, k) =>
      row.flatMap((energy, band) =>
        energy === null || energy > FROZEN_TO ? [] : [Math.abs(energy - (ours[k]?.[band] ?? Number.NaN))],
      ),
    )
    expect(errors).toHaveLength(5 * kPoints.length)
    expect(Math.max(...errors)).toBeLessThan(0.005)
  })
})
