import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Demo, fitsOf, largestDifferenceEv, runDemo } from '@crystalmath/cli/demo'
import { openClient } from '@crystalmath/client'
import { EV_PER_RYDBERG, GPA_PER_EV_PER_ANGSTROM3 } from '@crystalmath/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const READ_WITH_ASE = `
import json, sys
from ase.io import read
atoms = read(sys.argv[1], format='espresso-out')
print(json.dumps({'energy': atoms.get_potential_energy(), 'forces': atoms.get_forces().tolist(), 'stress': atoms.get_stress().tolist()}))
`

let demo: Demo
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crystalmath-demo-'))
  demo = await runDemo({
    seed: 11,
    siteName: 'mainjob',
    dataFolder: folder,
    environment: process.env,
    out: process.stderr,
    say: () => undefined,
  })
}, 240_000)
afterAll(async () => {
  await demo?.close()
  await rm(folder, { recursive: true, force: true })
})

const of = (role: string) => demo.finished.filter((one) => one.role === role)

describe('the main job', () => {
  it('completes every job', () => {
    expect(demo.finished.map(({ job }) => `${job.name}: ${job.status}`).filter((line) => !line.endsWith('completed'))).toEqual([])
    expect(demo.finished).toHaveLength(12)
  })

  it('stores the energy that plain pw.x prints on the same inputs', () => {
    expect(largestDifferenceEv(demo.finished)).toBeLessThan(2e-7)
  })

  it('stores the forces and the stress that plain pw.x prints, in eV/Å and GPa', () => {
    const ANGSTROM = 0.529177210903
    for (const { job, result, byHand } of demo.finished) {
      const printed = [...(byHand?.output ?? '').matchAll(/^ +atom +\d+ type +\d+ +force = +(\S+) +(\S+) +(\S+)$/gm)].slice(
        0,
        result?.atomCount ?? 0,
      )
      const forces = printed.map(([, ...xyz]) => xyz.map((f) => (Number(f) * EV_PER_RYDBERG) / ANGSTROM))
      expect(forces.length, job.name).toBe(result?.atomCount)
      forces.forEach((row, i) => {
        row.forEach((f, j) => {
          expect(result?.forcesEvPerAngstrom?.[i]?.[j], `${job.name} atom ${i} axis ${j}`).toBeCloseTo(f, 5)
        })
      })
      const [, kbar] = /P= +(-?[\d.]+)/.exec(byHand?.output ?? '') ?? []
      expect(result?.pressureGpa, job.name).toBeCloseTo(Number(kbar) / 10, 2)
    }
  })

  it('agrees with what ASE reads from the kept output', async (context) => {
    const hasAse = spawnSync('/usr/bin/python3', ['-c', 'import ase']).status === 0
    context.skip(!hasAse, 'python3-ase is not installed')
    const client = openClient({ url: demo.platform.url, token: demo.platform.token })
    for (const { job, result } of demo.finished) {
      const file = join(folder, `${job.id}.out`)
      await writeFile(file, await client.file(job.id, 'pw.out'))
      const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', READ_WITH_ASE, file], { encoding: 'utf8' })
      expect(stdout, stderr).not.toBe('')
      const ase = JSON.parse(stdout) as { readonly energy: number; readonly forces: number[][]; readonly stress: number[] }
      // ASE 3.22 converts with CODATA 2006
      expect(result?.energyEv, job.name).toBeCloseTo(ase.energy, 4)
      ase.forces.forEach((row, i) => {
        row.forEach((f, j) => {
          expect(result?.forcesEvPerAngstrom?.[i]?.[j], job.name).toBeCloseTo(f, 4)
        })
      })
      const [xx, yy, zz, yz, xz, xy] = ase.stress.map((s) => s * GPA_PER_EV_PER_ANGSTROM3)
      const ours = result?.stressGpa ?? []
      const flat = [ours[0]?.[0], ours[1]?.[1], ours[2]?.[2], ours[1]?.[2], ours[0]?.[2], ours[0]?.[1]]
      ;[xx, yy, zz, yz, xz, xy].forEach((s, i) => {
        expect(flat[i], `${job.name} stress ${i}`).toBeCloseTo(s ?? Number.NaN, 2)
      })
    }
  })

  it('finds silicon where the literature has it, from energies and from stresses alike', () => {
    const fits = fitsOf(of('volume'))
    for (const fit of [fits?.fromEnergies, fits?.fromStresses]) {
      expect(fit?.latticeConstantAngstrom).toBeGreaterThan(5.37)
      expect(fit?.latticeConstantAngstrom).toBeLessThan(5.42)
      expect(fit?.bulkModulusGpa).toBeGreaterThan(91)
      expect(fit?.bulkModulusGpa).toBeLessThan(99)
    }
  })

  it('gives forces that are the slope of the energy', () => {
    const at = (part: string) => of('displaced').find(({ job }) => job.name.includes(part))?.result
    const slope = -((at('x+')?.energyEv ?? 0) - (at('x-')?.energyEv ?? 0)) / 0.04
    expect(at('x0')?.forcesEvPerAngstrom?.[1]?.[0]).toBeCloseTo(slope, 2)
    expect(Math.abs(slope)).toBeGreaterThan(0.1)
  })

  it('keeps free energy, internal energy and −TS of a metal apart', () => {
    const [al] = of('metal')
    expect(al?.result).toMatchObject({ energyKind: 'free' })
    expect(al?.result?.entropyTermEv).toBeLessThan(0)
    expect(al?.result?.energyEv).toBe(al?.result?.freeEnergyEv)
  })

  it('repairs the job that was made to fail, and shows what it changed', () => {
    const [broken] = of('to-repair')
    expect(broken?.job).toMatchObject({ status: 'completed', past: [{ attempt: 1, diagnosis: 'ELECTRONIC_NOT_CONVERGED' }] })
    expect(broken?.job.attempt).toBeGreaterThan(1)
    expect(broken?.job.origin.changes.length).toBeGreaterThan(0)
    expect(broken?.job.origin.altered).toBe(false)
  })
})
