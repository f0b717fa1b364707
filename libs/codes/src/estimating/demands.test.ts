import { type CodeName, type Partition, Resources, type Structure } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { writesOf } from '../writes.ts'
import { pseudopotential, SILICON, sampleTask, type TaskParts } from '../writing/sample-task.ts'
import { basisFunctions } from './basis-size.ts'
import { planResources } from './plan-resources.ts'

const NODE: Partition = {
  ...{ name: 'normal', isDefault: true, available: true, maxWalltimeSeconds: 86_400, nodeCount: 16 },
  ...{ coresPerNode: 48, memoryMebibytesPerNode: 192_000 },
}
const potcar = pseudopotential({
  fileName: 'potpaw_PBE.54/Si/POTCAR',
  element: 'Si',
  functional: 'PBE',
  kind: 'PAW',
  cutoffRydberg: 18,
})
const upf = pseudopotential({ fileName: 'Si.upf', element: 'Si', cutoffRydberg: 30 })
const WATER: Structure = {
  latticeAngstrom: null,
  species: ['O', 'H', 'H'],
  positionsAngstrom: [
    [0, 0, 0.1173],
    [0, 0.7572, -0.4692],
    [0, -0.7572, -0.4692],
  ],
}
const GW = {
  bandCount: 40,
  exchangeCutoffRydberg: 20,
  screeningCutoffRydberg: 4,
  quasiparticles: [{ kPoints: [1, 2], bands: [3, 6] }],
}
const OVERLAPS = ['mmn', 'amn', 'eig'].map((ending) => ({ path: `wannier90.${ending}`, text: '' }))
/** So many cells along z. */
const stacked = (cells: number): Structure => ({
  ...SILICON,
  latticeAngstrom: [
    [0, 2.715, 2.715],
    [2.715, 0, 2.715],
    [2.715 * cells, 2.715 * cells, 0],
  ],
  species: Array.from({ length: 2 * cells }, () => 'Si'),
  positionsAngstrom: Array.from({ length: cells }, (_, cell) =>
    SILICON.positionsAngstrom.map(([x, y, z]): [number, number, number] => [x + 2.715 * cell, y + 2.715 * cell, z]),
  ).flat(),
})

const SAMPLES: Readonly<Partial<Record<CodeName, TaskParts>>> = {
  'quantum-espresso': { code: 'quantum-espresso', parameters: { kMesh: [8, 8, 8] }, files: [upf] },
  vasp: { code: 'vasp', parameters: { kMesh: [12, 12, 12] }, files: [potcar] },
  orca: { code: 'orca', parameters: {}, structure: WATER, clusterCode: { executables: { orca: '/opt/orca/orca' } } },
  crystal: { code: 'crystal', parameters: { functional: 'PBE0', basis: 'POB-TZVP' } },
  yambo: { code: 'yambo', parameters: { ...GW, pw: { kMesh: [4, 4, 4] } }, files: [upf] },
  wannier90: {
    code: 'wannier90',
    parameters: { wannierFunctionCount: 8, kMesh: [4, 4, 4], projections: ['Si:sp3'] },
    request: { extraFiles: OVERLAPS },
  },
}

function plannedFor(parts: TaskParts, given: object = {}) {
  const task = sampleTask(parts)
  const writes = writesOf(parts.code)
  const first = writes?.prepare(task)
  if (writes === undefined || first?.ok !== true) throw new Error(JSON.stringify(first))
  const { parameters, clusterCode } = task
  const plan = planResources({
    writes,
    preparation: first.preparation,
    given,
    parameters,
    clusterCode,
    partition: NODE,
    runs: [],
  })
  const again = writes.prepare({ ...task, parameters: plan.parameters, resources: plan.resources })
  if (!again.ok) throw new Error(JSON.stringify(again.problems))
  return { demand: first.preparation.demand, plan, preparation: again.preparation }
}
const textOf = ({ preparation }: ReturnType<typeof plannedFor>, name: string) =>
  preparation.files.find(({ path }) => path === name)?.text ?? ''

describe('what a code needs', () => {
  it.each(Object.values(SAMPLES).map((parts) => [parts.code, parts] as const))('is told by %s, with its reasons', (_, parts) => {
    const { demand, plan } = plannedFor(parts)
    expect(demand).toMatchObject({
      kind: expect.any(String),
      because: [expect.stringMatching(/\d/), ...(demand?.because.slice(1) ?? [])],
    })
    for (const value of [demand?.coreSeconds, demand?.sharedMebibytes, demand?.mebibytesPerRank])
      expect(value).toSatisfy((one) => Number.isFinite(one) && one >= 0)
    expect(plan.estimate?.because.join('\n')).toMatch(/rank.*\n(.*\n)*memory.*\nwall clock/)
  })

  // shares, memory and texts that are written for many ranks pass every check of the code's own
  it.each(Object.values(SAMPLES).flatMap((parts) => [1, 2, 6, 16, 48, 96].map((ranks) => [parts.code, ranks, parts] as const)))(
    'makes an input of %s for %i ranks that is sound',
    (_, ranks, parts) => {
      const { plan } = plannedFor(parts, { ranks, nodes: ranks > 48 ? 2 : 1 })
      expect(plan.resources.ranks).toBe(ranks)
      expect(Resources.parse(plan.resources)).toEqual(plan.resources)
    },
  )

  it.each([
    ['quantum-espresso', { parameters: { kMesh: [8, 8, 2] }, structure: stacked(4) }, 4],
    ['vasp', { parameters: { kMesh: [12, 12, 3] }, structure: stacked(4) }, 4],
    ['crystal', { structure: stacked(4) }, 4],
  ] as const)('grows faster than the cell: %s', (code, over, cells) => {
    const parts = SAMPLES[code]
    if (parts === undefined) throw new Error(code)
    const [small, large] = [plannedFor(parts).demand, plannedFor({ ...parts, ...over }).demand]
    expect((large?.coreSeconds ?? 0) / (small?.coreSeconds ?? 1)).toBeGreaterThan(1)
    expect(large?.size['atoms']).toBe(2 * cells)
  })

  it.each([
    ['quantum-espresso', { calculation: 'relax' }],
    ['vasp', { calculation: 'relax' }],
    ['orca', { calculation: 'optimization' }],
    ['crystal', { calculation: 'frequencies' }],
  ] as const)('is more for many geometries than for one: %s', (code, parameters) => {
    const parts = SAMPLES[code]
    if (parts === undefined) throw new Error(code)
    const of = (more: object) => plannedFor({ ...parts, parameters: { ...parts.parameters, ...more } }).demand?.coreSeconds ?? 0
    expect(of(parameters)).toBeGreaterThan(3 * of({}))
  })

  it('is not guessed for GW of VASP', () => {
    const { demand, plan } = plannedFor({ ...SAMPLES.vasp, code: 'vasp', parameters: { incar: { ALGO: 'EVGW0', NBANDS: 64 } } })
    expect([demand, plan.estimate]).toEqual([undefined, null])
  })
})

describe('how ranks are shared out', () => {
  // 12 · 12 · 12 points leave at least 36 under 48 operations
  it.each([
    [1, {}],
    [16, { KPAR: 4, NCORE: 2 }],
    [48, { KPAR: 6, NCORE: 2 }],
    [64, { KPAR: 8, NCORE: 2 }],
  ])('KPAR and NCORE of VASP on %i ranks', (ranks, expected) => {
    const made = plannedFor({ ...SAMPLES.vasp, code: 'vasp', parameters: { kMesh: [12, 12, 12] } }, { ranks, nodes: 2 })
    const tags = Object.fromEntries(
      [...textOf(made, 'INCAR').matchAll(/^(KPAR|NCORE) = (\d+)/gm)].map(([, tag, value]) => [tag, Number(value)]),
    )
    expect(tags).toEqual(expected)
  })

  it('NCORE of VASP stays 1 where it must', () => {
    const phonons = plannedFor(
      { ...SAMPLES.vasp, code: 'vasp', parameters: { calculation: 'phonons', kMesh: [2, 2, 2] } },
      { ranks: 16 },
    )
    expect(textOf(phonons, 'INCAR')).toMatch(/^NCORE = 1$/m)
  })

  it('a user of VASP who names NPAR gets no NCORE beside it', () => {
    const made = plannedFor(
      { ...SAMPLES.vasp, code: 'vasp', parameters: { kMesh: [12, 12, 12], incar: { npar: 4 } } },
      { ranks: 16 },
    )
    expect(textOf(made, 'INCAR')).not.toMatch(/NCORE/)
  })

  // a pool without k points ends pw.x
  it.each([
    [[8, 8, 8], 16, '8'],
    [[2, 2, 2], 16, undefined],
    [[1, 1, 1], 4, undefined],
  ] as const)('a mesh of %j of pw.x on %i ranks gets no more pools than k points surely are left', (kMesh, ranks, pools) => {
    const { preparation } = plannedFor(
      { ...SAMPLES['quantum-espresso'], code: 'quantum-espresso', parameters: { kMesh } },
      { ranks },
    )
    const words = preparation.steps[0]?.args.join(' ')
    expect(words).toBe(pools === undefined ? '-in pw.in' : `-nk ${pools} -in pw.in`)
  })

  it('%maxcore of ORCA is three quarters of the memory, shared out', () => {
    const made = plannedFor({ ...SAMPLES.orca, code: 'orca', parameters: {} }, { ranks: 8 })
    const { memoryMebibytes = 0 } = made.plan.resources
    expect(textOf(made, 'orca.inp')).toContain(`%pal nprocs 8 end\n%maxcore ${Math.floor((0.75 * memoryMebibytes) / 8)}`)
    expect((0.75 * memoryMebibytes) / 8).toBeGreaterThanOrEqual(1_024)
  })

  it('ORCA gets one rank where it is not called by its full path', () => {
    const { plan } = plannedFor({ ...SAMPLES.orca, code: 'orca', parameters: { calculation: 'frequencies' }, clusterCode: {} })
    expect(plan.resources.ranks).toBe(1)
    expect(plan.estimate?.because.join()).toContain('register codes.orca.executables.orca')
  })

  it.each([
    ['no launcher', { launcher: '' }],
    ['no Pcrystal', { executables: { crystal: '/opt/crystal/crystal' } }],
  ])('CRYSTAL gets one rank where the cluster has %s', (said, clusterCode) => {
    const { plan } = plannedFor({
      code: 'crystal',
      parameters: { functional: 'PBE0', basis: 'POB-TZVP', calculation: 'frequencies' },
      structure: stacked(40),
      clusterCode,
    })
    expect(plan.resources.ranks).toBe(1)
    expect(plan.estimate?.because.join()).toContain(said)
  })

  it('memory of CRYSTAL grows with its ranks', () => {
    const of = (ranks: number) =>
      plannedFor({ ...SAMPLES.crystal, code: 'crystal', parameters: { functional: 'PBE0', basis: 'POB-TZVP' } }, { ranks }).plan
    expect(of(16).estimate?.mebibytes).toBe(16 * (of(1).estimate?.mebibytes ?? 0))
  })
})

describe('basis functions by the name of a set', () => {
  it.each([
    ['STO-3G', ['C', 'H'], 6],
    ['def2-SVP', ['O', 'H', 'H'], 24],
    ['def2-TZVP', ['O', 'H', 'H'], 43],
    ['def2-QZVP', ['O', 'H', 'H'], 117],
    ['cc-pVTZ', ['O', 'H', 'H'], 59],
    ['6-31G', ['Si'], 18],
  ])('%s', (basis, species, functions) => {
    expect(basisFunctions(species, basis)).toBe(functions)
  })
})
