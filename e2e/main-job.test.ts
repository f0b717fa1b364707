import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Demo, fitsOf, largestDifferenceEv, runDemo } from '@crystalmath/cli/demo'
import { EV_PER_RYDBERG } from '@crystalmath/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

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
