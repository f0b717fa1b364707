import { ClusterCode, type Demand, GivenResources, type Partition } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import type { FinishedRun } from './finished-runs.ts'
import { planResources, type Question } from './plan-resources.ts'

const demand = (over: Partial<Demand> = {}): Demand => ({
  kind: 'scf',
  coreSeconds: 100,
  sharedMebibytes: 300,
  mebibytesPerGroup: 0,
  mebibytesPerRank: 100,
  mostRanks: 1_000,
  mostNodes: 1_000,
  kGroups: 4,
  size: {},
  because: ['by the law'],
  ...over,
})
const NODE: Partition = {
  name: 'normal',
  isDefault: true,
  available: true,
  maxWalltimeSeconds: 86_400,
  nodeCount: 16,
  coresPerNode: 48,
  memoryMebibytesPerNode: 192_000,
}
type Parts = Partial<Omit<Question, 'preparation' | 'given'>> & { readonly given?: object; readonly needs?: Partial<Demand> }
const plan = ({ given = {}, needs = {}, ...over }: Parts) =>
  planResources({
    writes: {},
    preparation: { demand: demand(needs), steps: [{ program: 'pw.x', args: [], stdin: null, stdout: 'out', parallel: true }] },
    given: GivenResources.parse(given),
    parameters: {},
    clusterCode: ClusterCode.parse({}),
    partition: NODE,
    runs: [],
    ...over,
  })
const run = (over: Partial<FinishedRun>): FinishedRun => ({
  kind: 'scf',
  coreSeconds: 90,
  mebibytes: 400,
  cores: 1,
  usedCoreSeconds: 45,
  usedMebibytes: null,
  ...over,
})

describe('resources that nobody named', () => {
  it('are one core and an hour for what is small, with memory twice what is needed', () => {
    const { resources, estimate } = plan({})
    expect(resources).toMatchObject({ nodes: 1, ranks: 1, memoryMebibytes: 1_024, walltimeSeconds: 3_600 })
    expect(estimate?.fields).toEqual([
      'resources.nodes',
      'resources.ranks',
      'resources.memoryMebibytes',
      'resources.walltimeSeconds',
    ])
    expect(estimate).toMatchObject({ kind: 'scf', coreSeconds: 100, mebibytes: 400 })
  })

  it.each([
    ['the fewest even share of a node that brings it to an hour', { coreSeconds: 30_000 }, NODE, { nodes: 1, ranks: 16 }],
    ['no more than are of use', { coreSeconds: 30_000, mostRanks: 4 }, NODE, { nodes: 1, ranks: 4 }],
    ['a whole node rather than a second one, where its limit does', { coreSeconds: 300_000 }, NODE, { nodes: 1, ranks: 48 }],
    ['more nodes where one would not end in time', { coreSeconds: 3e6 }, NODE, { nodes: 4, ranks: 192 }],
    ['one node for a code that knows no second', { coreSeconds: 4e6, mostNodes: 1 }, NODE, { nodes: 1, ranks: 48 }],
    ['one rank where nothing is known of the nodes', { coreSeconds: 1e6 }, null, { nodes: 1, ranks: 1 }],
  ])('are %s', (_, needs, partition, expected) => {
    expect(plan({ needs, partition }).resources).toMatchObject(expected)
  })

  it('are one rank where the cluster starts the code without a launcher', () => {
    const { resources, estimate } = plan({ needs: { coreSeconds: 1e6 }, clusterCode: ClusterCode.parse({ launcher: '' }) })
    expect(resources.ranks).toBe(1)
    expect(estimate?.because.join()).toContain('no launcher')
  })

  it('are cut to what a node and the partition have, and it is said', () => {
    const tight = { ...NODE, maxWalltimeSeconds: 1_800, memoryMebibytesPerNode: 4_000, coresPerNode: 8 }
    const { resources, estimate } = plan({ needs: { coreSeconds: 1e5, sharedMebibytes: 50_000, mostNodes: 1 }, partition: tight })
    expect(resources).toMatchObject({ memoryMebibytes: 4_000, walltimeSeconds: 1_800 })
    expect(estimate?.because.join('\n')).toMatch(/cut to the 4000 MiB that a node has/)
    expect(estimate?.because.join('\n')).toMatch(/cut to the 30 min that the partition allows, which may not do/)
  })

  it('leave memory out where nodes do not say theirs', () => {
    expect(plan({ partition: { ...NODE, memoryMebibytesPerNode: 1 } }).resources.memoryMebibytes).toBeUndefined()
  })

  it('are the usual ones where no law tells what is needed, or accelerators do the work', () => {
    const unknown = plan({ given: { gpusPerNode: 2 } })
    expect(unknown).toMatchObject({ resources: { ranks: 1, walltimeSeconds: 3_600 }, estimate: null })
  })

  it('never ask for more than the partition allows, whether a law speaks or not', () => {
    const partition = { ...NODE, maxWalltimeSeconds: 600 }
    expect(plan({ partition, given: { gpusPerNode: 2 } }).resources.walltimeSeconds).toBe(600)
    expect(plan({ partition, given: { gpusPerNode: 2, walltimeSeconds: 900 } }).resources.walltimeSeconds).toBe(900)
  })
})

describe('resources that a user names', () => {
  it.each([
    [{ ranks: 7 }, { ranks: 7 }],
    [{ memoryMebibytes: 100 }, { memoryMebibytes: 100 }],
    [{ walltimeSeconds: 120 }, { walltimeSeconds: 120 }],
    [{ nodes: 2 }, { nodes: 2, ranks: 2 }],
    [{ threadsPerRank: 4 }, { threadsPerRank: 4, ranks: 12 }],
  ])('win: %j', (given, expected) => {
    const { resources, estimate } = plan({ given, needs: { coreSeconds: 'threadsPerRank' in given ? 30_000 : 100 } })
    expect(resources).toMatchObject(expected)
    for (const name of Object.keys(given)) expect(estimate?.fields).not.toContain(`resources.${name}`)
  })

  it('win over the shares that a code would choose, one by one', () => {
    const writes = { shareOut: () => ({ set: { incar: { KPAR: 2, NCORE: 4 }, pools: 2 }, groups: 2, because: 'so' }) }
    const planned = plan({ writes, parameters: { incar: { KPAR: 4, ENCUT: 400 } } })
    expect(planned.parameters).toEqual({ incar: { KPAR: 4, ENCUT: 400, NCORE: 4 }, pools: 2 })
    expect(planned.estimate?.fields).toEqual(expect.arrayContaining(['parameters.incar.NCORE', 'parameters.pools']))
    expect(planned.estimate?.fields).not.toContain('parameters.incar.KPAR')
  })
})

describe('finished runs of the project', () => {
  const three = [run({}), run({ usedCoreSeconds: 90 }), run({ usedCoreSeconds: 270 })]
  const needs = { coreSeconds: 20_000 }
  const large = three.map((one) => ({ ...one, coreSeconds: 18_000, usedCoreSeconds: one.usedCoreSeconds * 200 }))

  it('correct the wall clock by the worst of them, and half as much again', () => {
    const { resources, estimate } = plan({ needs, given: { ranks: 1 }, runs: large })
    // three times the law, half as much again, are 90,000 s: a day is what the partition allows
    expect(resources.walltimeSeconds).toBe(86_400)
    expect(estimate?.because.join('\n')).toContain(
      '1.5 times the worst of 3 finished runs of this project like it, which took 0.5 to 3 of what the law says',
    )
  })

  it('make a short wall clock trusted, which the law alone does not', () => {
    const quick = [run({ usedCoreSeconds: 9 }), run({ usedCoreSeconds: 10 }), run({ usedCoreSeconds: 8 })]
    expect(plan({ runs: quick }).resources.walltimeSeconds).toBe(600)
  })

  it('take overheads of their own ranks off first', () => {
    const wide = [1, 2, 3].map(() => run({ cores: 16, usedCoreSeconds: 144 }))
    // 144 core-seconds on 16 cores are 90 on one
    expect(plan({ runs: wide }).estimate?.because.join()).toContain('which took 1 to 1 of')
  })

  it('correct the memory where they say theirs', () => {
    const runs = [300, 800, 1_200].map((usedMebibytes) => run({ usedMebibytes }))
    expect(plan({ runs }).resources.memoryMebibytes).toBe(2_048)
  })

  it.each([
    ['two of them', three.slice(1)],
    ['of another kind', three.map((one) => ({ ...one, kind: 'relax' }))],
    ['of quite another size', three.map((one) => ({ ...one, coreSeconds: 10 }))],
  ])('prove nothing: %s', (_, runs) => {
    expect(plan({ runs }).estimate?.because.join()).toContain('no finished runs like it')
  })
})
