import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Artefacts, RestartPlan } from '@crystalmath/codes'
import { EV_PER_RYDBERG } from '@crystalmath/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pseudopotentialsOf, TRICLINIC } from '../src/physics/crystals.ts'
import { farthest } from '../src/physics/geometry.ts'
import {
  type Experiment,
  type Laboratory,
  missing,
  openLaboratory,
  type Run,
  taskOf,
  writesFor,
} from '../src/physics/laboratory.ts'

const absent = missing('pw.x')

const relaxation: Experiment = {
  structure: TRICLINIC,
  parameters: {
    calculation: 'relax',
    pseudopotentials: pseudopotentialsOf(TRICLINIC),
    cutoffRydberg: 16,
    kMesh: [2, 2, 2],
    smearing: null,
    // far below 1e-6 Ry, so that two ways to the minimum end in one energy
    control: { forc_conv_thr: 2e-5, etot_conv_thr: 1e-8 },
    electrons: { conv_thr: 1e-10 },
  },
}

let laboratory: Laboratory
/** The relaxation without an interruption, and one that was asked to stop in its third geometry. */
let whole: Run
let stopped: Run
beforeAll(async () => {
  laboratory = await openLaboratory()
  if (absent.length > 0) return
  const isInThirdGeometry = /(?:^! +total energy[\s\S]*){2}iteration # +2 /m
  ;[whole, stopped] = await Promise.all([laboratory.run(relaxation), laboratory.stopAt(isInThirdGeometry, relaxation)])
})
afterAll(() => laboratory.close())

async function artefactsOf({ folder, parsed }: Run): Promise<Artefacts> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: path.slice(folder.length + 1), size: statSync(path).size }))
  const { continuationStructure, structure, codeVersion } = await parsed()
  return { attempt: 1, files, cleanStop: true, ranks: 1, codeVersion, lastStructure: continuationStructure ?? structure }
}

async function planFor(
  run: Run,
  from: 'checkpoint' | 'charge-density' | 'geometry',
  over: Partial<Artefacts> = {},
): Promise<RestartPlan> {
  const task = taskOf(relaxation)
  const plan = writesFor(task).restart(task, { ...(await artefactsOf(run)), ...over }, from)
  if ('refused' in plan) throw new Error(plan.refused)
  return plan
}

/** One relaxation ended where the other did. */
async function expectTheSameEnd(run: Run): Promise<void> {
  const [one, other] = await Promise.all([whole.parsed(), run.parsed()])
  expect([one.ionicConverged, other.ionicConverged]).toEqual([true, true])
  expect(Math.abs((one.energyEv ?? Number.NaN) - (other.energyEv ?? Number.NaN)) / EV_PER_RYDBERG).toBeLessThan(1e-6)
  expect(farthest(one.structure?.positionsAngstrom ?? [], other.structure?.positionsAngstrom ?? [])).toBeLessThan(2e-3)
  // it did not begin anew
  expect(other.properties.trajectory?.[0]?.energyEv).toBeLessThan(one.properties.trajectory?.[1]?.energyEv ?? Number.NaN)
}

describe.skipIf(absent.length > 0)('a relaxation that was interrupted', () => {
  it('is read as stopped, not as relaxed', async () => {
    const { termination, ionicConverged, diagnoses, ionicStepCount } = await stopped.parsed()
    expect(ionicConverged).not.toBe(true)
    expect(diagnoses.map(({ kind }) => kind)).toContain('STOPPED_BY_REQUEST')
    expect(ionicStepCount).toBe(2)
    expect(termination).not.toBe('error')
  })

  it('goes on from its checkpoint to the energy of the uninterrupted one', async () => {
    const restart = await planFor(stopped, 'checkpoint')
    const run = await laboratory.goOn(stopped, { ...relaxation, restart })
    expect(await run.text('pw.in')).toContain("restart_mode = 'restart'")
    expect(run.output).toMatch(/Calculation restarted from scf iteration|restarted from|read from file/)
    await expectTheSameEnd(run)
    const steps = async (one: Run) => (await one.parsed()).ionicStepCount ?? Number.NaN
    expect((await steps(stopped)) + (await steps(run))).toBe(await steps(whole))
  })

  it('goes on from its density in its last geometry to the energy of the uninterrupted one', async () => {
    const restart = await planFor(stopped, 'charge-density')
    const run = await laboratory.goOn(stopped, { ...relaxation, restart })
    expect(run.output).toContain('The initial density is read from file')
    await expectTheSameEnd(run)
  })

  it('goes on from its last geometry alone where it was killed', async () => {
    const restart = await planFor(stopped, 'checkpoint', { cleanStop: false })
    expect(restart.files).toEqual([])
    await expectTheSameEnd(await laboratory.goOn(stopped, { ...relaxation, restart }))
  })
})
