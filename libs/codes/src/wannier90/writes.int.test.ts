import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { CodeWrites, Task } from '../code-writes.ts'
import { quantumEspressoWrites } from '../quantum-espresso/writes.ts'
import { runPreparation } from '../writing/run-preparation.ts'
import { pseudopotential, sampleTask } from '../writing/sample-task.ts'
import { meshPoints } from './write/prepare.ts'
import { wannier90Writes } from './writes.ts'

const PSEUDO = '/usr/share/espresso/pseudo'
const isThere = ['/usr/bin/pw.x', '/usr/bin/pw2wannier90.x', '/usr/bin/wannier90.x', PSEUDO].every(existsSync)
if (!isThere) console.warn('pw.x, pw2wannier90.x or wannier90.x is not installed: runs of Wannier90 are skipped')

const here = mkdtempSync(join(tmpdir(), 'crystalmath-w90-'))
afterAll(() => rmSync(here, { recursive: true }))
const folder = (name: string): string => mkdtempSync(join(here, `${name}-`))

const preparationOf = (writes: CodeWrites, task: Task) => {
  const prepared = writes.prepare(task)
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems))
  return prepared.preparation
}

describe.skipIf(!isThere)('a job that is rendered for Wannier90', () => {
  it('finds the four equal bonds of silicon', () => {
    const bonds = ['0.125,0.125,0.125', '0.625,0.125,0.125', '0.125,0.625,0.125', '0.125,0.125,0.625'].map((at) => `f=${at}:s`)
    const wannier = { wannierFunctionCount: 4, kMesh: [2, 2, 2], projections: bonds }
    const setup = folder('setup')
    expect(
      runPreparation(
        setup,
        preparationOf(wannier90Writes, sampleTask({ code: 'wannier90', parameters: { ...wannier, calculation: 'setup' } })),
      ).exitCode,
    ).toBe(0)

    const overlaps = folder('overlaps')
    const steps = [
      { program: 'pw', kMesh: [2, 2, 2] },
      { program: 'pw', calculation: 'nscf', kPoints: meshPoints([2, 2, 2]), system: { nosym: true, noinv: true, nbnd: 4 } },
      { program: 'pw2wannier90', inputpp: { write_amn: true, write_mmn: true } },
    ]
    const task = sampleTask({
      code: 'quantum-espresso',
      parameters: { cutoffRydberg: 16, smearing: null, steps },
      files: [pseudopotential({ fileName: 'Si.pz-vbc.UPF', element: 'Si', md5: '' })],
      clusterCode: { pseudopotentialFolder: PSEUDO },
      request: { extraFiles: [{ path: 'wannier90.nnkp', text: readFileSync(join(setup, 'wannier90.nnkp'), 'utf8') }] },
    })
    expect(runPreparation(overlaps, preparationOf(quantumEspressoWrites, task)).exitCode).toBe(0)

    const extraFiles = ['mmn', 'amn', 'eig'].map((ending) => ({
      path: `wannier90.${ending}`,
      text: readFileSync(join(overlaps, `wannier90.${ending}`), 'utf8'),
    }))
    const made = folder('wannier')
    const run = runPreparation(
      made,
      preparationOf(wannier90Writes, sampleTask({ code: 'wannier90', parameters: wannier, request: { extraFiles } })),
    )
    const output = readFileSync(join(made, 'wannier90.wout'), 'utf8')
    expect([run.exitCode, output]).toEqual([0, expect.stringContaining('All done: wannier90 exiting')])
    const final = output.slice(output.lastIndexOf('Final State'))
    const spreads = [...final.matchAll(/WF centre and spread +\d+ .*\) +([\d.]+)/g)].map(([, spread]) => Number(spread))
    expect(spreads).toHaveLength(4)
    for (const spread of spreads) expect(spread).toBeCloseTo(spreads[0] ?? Number.NaN, 2)
  })
})
