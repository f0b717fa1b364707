import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClusterCode, type Partition, type PseudopotentialFile, type Structure } from '@crystalmath/contract'
import { afterAll, describe, expect, it } from 'vitest'
import { planResources } from '../estimating/plan-resources.ts'
import { runPreparation } from '../writing/run-preparation.ts'
import { SILICON, sampleTask } from '../writing/sample-task.ts'
import { readUpfHeader } from './pseudopotentials.ts'
import { quantumEspressoWrites } from './writes.ts'

const FOLDER = '/usr/share/espresso/pseudo'
const hasPw = existsSync('/usr/bin/pw.x') && existsSync(FOLDER) && spawnSync('python3', ['-c', 'import resource']).status === 0
if (!hasPw) console.warn('pw.x, its pseudopotentials or python3 are not installed: nothing is measured')
const here = mkdtempSync(join(tmpdir(), 'crystalmath-needs-'))
afterAll(() => rmSync(here, { recursive: true }))
const files: readonly PseudopotentialFile[] = hasPw
  ? readdirSync(FOLDER).flatMap((fileName) => {
      const header = readUpfHeader(readFileSync(join(FOLDER, fileName), 'latin1').slice(0, 65_536))
      return header === null ? [] : [{ ...header, fileName, md5: '' }]
    })
  : []
const NODE: Partition = {
  ...{ name: 'bed', isDefault: true, available: true, maxWalltimeSeconds: null, nodeCount: 1 },
  ...{ coresPerNode: 2, memoryMebibytesPerNode: 8_000 },
}

/** Runs it, and tells its seconds and the largest resident set of one process, MiB. */
const MEASURE = `
import json, resource, subprocess, sys, time
began = time.time()
with open(sys.argv[1]) as told:
    code = subprocess.call(sys.argv[2:], stdout=open('measured.out', 'w'), stderr=subprocess.STDOUT)
print(json.dumps([code, time.time() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024]))
`

function measured(structure: Structure, parameters: Readonly<Record<string, unknown>>, ranks: number) {
  const one = sampleTask({
    code: 'quantum-espresso',
    ...{ files, structure, parameters, request: { resources: { ranks } } },
    clusterCode: { pseudopotentialFolder: FOLDER },
  })
  const first = quantumEspressoWrites.prepare(one)
  if (!first.ok) throw new Error(JSON.stringify(first.problems))
  const plan = planResources({
    writes: quantumEspressoWrites,
    ...{ preparation: first.preparation, given: { ranks }, parameters, partition: NODE, runs: [] },
    clusterCode: ClusterCode.parse({}),
  })
  const prepared = quantumEspressoWrites.prepare({ ...one, resources: plan.resources, parameters: plan.parameters })
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems))
  const cwd = mkdtempSync(join(here, 'run-'))
  runPreparation(cwd, { ...prepared.preparation, steps: [] })
  const [step] = prepared.preparation.steps
  const launcher = ranks === 1 ? [] : ['mpirun', '-np', String(ranks), '--oversubscribe']
  const { stdout } = spawnSync('python3', ['-c', MEASURE, 'pw.in', ...launcher, 'pw.x', ...(step?.args ?? [])], {
    ...{ cwd, encoding: 'utf8', timeout: 110_000 },
    env: {
      ...process.env,
      OMP_NUM_THREADS: '1',
      OMPI_ALLOW_RUN_AS_ROOT: '1',
      OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
      OMPI_MCA_mpi_yield_when_idle: '1',
    },
  })
  const [code, seconds, mebibytes]: [number, number, number] = JSON.parse(stdout)
  return { plan, code, seconds, mebibytes, output: readFileSync(join(cwd, 'measured.out'), 'utf8') }
}

const cubic = (species: readonly string[], edge: number): Structure => ({
  latticeAngstrom: [
    [edge, 0, 0],
    [0, edge, 0],
    [0, 0, edge],
  ],
  species: [...species],
  positionsAngstrom: [
    [0, 0, 0],
    [0, edge / 2, edge / 2],
    [edge / 2, 0, edge / 2],
    [edge / 2, edge / 2, 0],
  ].slice(0, species.length) as [number, number, number][],
})
const displaced: Structure = { ...SILICON, positionsAngstrom: [[0.06, 0, 0.08], SILICON.positionsAngstrom[1] ?? [0, 0, 0]] }
const silicon = { pseudopotentials: { Si: 'Si.pz-vbc.UPF' } }
const copper = { pseudopotentials: { Cu: 'Cu.pz-d-rrkjus.UPF' } }

describe.skipIf(!hasPw)('what is estimated of a run of pw.x', () => {
  it.each([
    ['silicon', SILICON, { ...silicon, cutoffRydberg: 30, kMesh: [6, 6, 6] }, 1],
    ['silicon without symmetry', displaced, { ...silicon, cutoffRydberg: 40, kMesh: [6, 6, 6] }, 1],
    ['silicon, relaxed', displaced, { ...silicon, calculation: 'relax', cutoffRydberg: 20, kMesh: [3, 3, 3] }, 1],
    ['silicon on two ranks in pools', displaced, { ...silicon, cutoffRydberg: 30, kMesh: [6, 6, 6] }, 2],
    [
      'four atoms of copper, ultrasoft',
      cubic(['Cu', 'Cu', 'Cu', 'Cu'], 3.6),
      { ...copper, cutoffRydberg: 30, kMesh: [2, 2, 2] },
      1,
    ],
    [
      'iron with spins',
      { ...cubic(['Fe'], 2.8), initialMomentsBohr: [2] },
      { pseudopotentials: { Fe: 'Fe.pz-nd-rrkjus.UPF' }, cutoffRydberg: 30, kMesh: [4, 4, 4] },
      1,
    ],
  ] as const)(
    'is not below what it takes: %s',
    (name, structure, parameters, ranks) => {
      const { plan, code, seconds, mebibytes, output } = measured(structure as Structure, parameters, ranks)
      expect([code, output]).toEqual([0, expect.stringContaining('JOB DONE')])
      const law = plan.estimate?.coreSeconds ?? 0
      process.stderr.write(
        `${name}: ${seconds.toFixed(1)} s, ${Math.round(mebibytes)} MiB per rank; the law says ${law.toFixed(1)} core-seconds and ${Math.round(plan.estimate?.mebibytes ?? 0)} MiB, asked for are ${plan.resources.walltimeSeconds} s and ${plan.resources.memoryMebibytes} MiB\n`,
      )
      expect(plan.resources.walltimeSeconds).toBeGreaterThan(seconds)
      // the safety on the law holds beyond start-up, before any rung of the ladder
      expect(60 + 3 * law).toBeGreaterThan(seconds * ranks)
      expect(plan.resources.memoryMebibytes).toBeGreaterThan(mebibytes * ranks)
    },
    120_000,
  )
})
