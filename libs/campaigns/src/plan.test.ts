import { BatchId, type Packing, type Partition, Resources } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { forecast } from './forecast.ts'
import { pilotFor, roomIn } from './pilot.ts'
import { LEAST_FOR_ARRAY, morePilots, plan, type Waiting, within } from './plan.ts'

const job = (ranks: number, packing?: Packing, alone = false): Waiting => ({
  resources: Resources.parse({ ranks }),
  packing,
  alone,
})
const many = (count: number, ...of: Parameters<typeof job>) => Array.from({ length: count }, () => job(...of))
const NODES: Partition = {
  name: 'short',
  isDefault: true,
  available: true,
  maxWalltimeSeconds: 10_000,
  nodeCount: 4,
  coresPerNode: 8,
  memoryMebibytesPerNode: 4_000,
}
const shown = (waiting: readonly Waiting[], maxArraySize: number | null = 1_001) =>
  plan(waiting, { maxArraySize, partitions: [NODES] }).map(({ kind, jobs }) => `${kind} ${jobs.length}`)

describe('how waiting jobs go into a queue', () => {
  it.each<[string, readonly Waiting[], readonly string[], (number | null)?]>([
    ['nothing of nothing', [], []],
    ['few of one shape alone', many(LEAST_FOR_ARRAY - 1, 1), ['single 29']],
    ['many of one shape as an array', many(LEAST_FOR_ARRAY, 1), ['array 30']],
    ['shapes apart', [...many(40, 1), ...many(50, 2), ...many(3, 4)], ['array 40', 'array 50', 'single 3']],
    ['no more than an array holds, the last one alone', many(101, 1), ['array 50', 'array 50', 'single 1'], 50],
    ['alone where there are no arrays', many(40, 1), ['single 40'], null],
    ['what is wanted alone, alone', many(40, 1, 'single'), ['single 40']],
    ['what was refused together, alone', many(40, 1, 'auto', true), ['single 40']],
    ['few as an array if they want that', [...many(3, 1), ...many(2, 1, 'array')], ['single 3', 'array 2']],
    [
      'what is wanted in pilots as full as a node and a wall clock allow',
      many(20, 2, 'pilot'),
      ['pilot 8', 'pilot 8', 'pilot 4'],
    ],
    ['what does not fit into one twice, alone', many(3, 5, 'pilot'), ['single 3']],
    ['the first waiting first', [job(2), ...many(30, 1), job(4)], ['single 2', 'array 30']],
  ])('sends %s', (_, waiting, groups, maxArraySize = 1_001) => {
    expect(shown(waiting, maxArraySize)).toEqual(groups)
    expect(plan(waiting, { maxArraySize, partitions: [NODES] }).flatMap(({ jobs }) => jobs)).toHaveLength(waiting.length)
  })
})

describe('why jobs go alone', () => {
  it('is said with how many each reason holds for', () => {
    const waiting = [...many(3, 1), ...many(2, 1, 'single'), job(1, 'auto', true), job(5, 'pilot')]
    const [group, ...others] = plan(waiting, { maxArraySize: 1_001, partitions: [NODES] })
    expect(others).toEqual([])
    expect(group?.because).toBe(
      '3 have fewer than 30 of their shape waiting, from which on an array pays; 2 are wanted alone; 1 were refused together with others; 1 fit into no pilot',
    )
    expect(plan(many(40, 1), { maxArraySize: null, partitions: [] })[0]?.because).toBe('40 go alone: this cluster has no arrays')
  })
})

describe('short jobs that leave it to the platform', () => {
  const short = (count: number, walltimeSeconds = 300) =>
    many(count, 2).map((one) => ({ ...one, resources: { ...one.resources, walltimeSeconds } }))
  const policy = { shortSeconds: 300, lastSeconds: 700 }
  const planned = (waiting: readonly Waiting[], pilots: typeof policy | undefined = policy) =>
    plan(waiting, { maxArraySize: 1_001, partitions: [NODES], pilots }).map(({ kind, jobs }) => `${kind} ${jobs.length}`)

  it('go into pilots where the cluster allows that, spread over several that last no longer than it says', () => {
    expect(planned(short(30))).toEqual(['pilot 8', 'pilot 8', 'pilot 8', 'pilot 6'])
    expect(plan(short(30), { maxArraySize: 1_001, partitions: [NODES], pilots: policy })[0]?.because).toBe(
      '8 jobs that take 300 s at most may, on this cluster, go into a pilot: 4 side by side on one node, for 700 s at most',
    )
  })

  it('go as before where it does not, where they are few, or not so short', () => {
    expect(plan(short(30), { maxArraySize: 1_001, partitions: [NODES] }).map(({ kind }) => kind)).toEqual(['array'])
    expect(planned(short(29))).toEqual(['single 29'])
    expect(planned(short(30, 301))).toEqual(['array 30'])
    expect(planned([...short(30).map((one) => ({ ...one, packing: 'array' as const }))])).toEqual(['array 30'])
  })
})

describe('pilots that live', () => {
  const id = BatchId.parse('aaaaaaaa-0000-4000-8000-000000000000')
  const shape = { slots: 4, cores: 2, memberSeconds: 600, earlySeconds: 0, lifetimeSeconds: 3_060 }
  const facts = { maxArraySize: 1_001, partitions: [NODES] }
  const living = (ranks: number, room: number) => [{ id, member: Resources.parse({ ranks }), room }]
  const fed = (waiting: readonly Waiting[], pilots: Parameters<typeof plan>[2]) =>
    plan(waiting, facts, pilots).map(({ kind, jobs }) => `${kind} ${jobs.length}`)

  it('are fed first, with what asks for the same, as many as they have room for', () => {
    expect(fed(many(7, 2, 'pilot'), living(2, 5))).toEqual(['feed 5', 'pilot 2'])
    expect(fed(many(1, 2, 'pilot'), living(2, 5))).toEqual(['feed 1'])
    expect(fed(many(2, 4, 'pilot'), living(2, 5))).toEqual(['pilot 2'])
    expect(fed(many(3, 2), living(2, 5))).toEqual(['single 3'])
    expect(fed(many(2, 2, 'pilot'), living(2, 0))).toEqual(['pilot 2'])
    const mayComeLate = { ...job(2, 'pilot'), notInto: [id] }
    expect(fed([mayComeLate, ...many(2, 2, 'pilot'), { ...mayComeLate }], living(2, 5))).toEqual(['pilot 2', 'feed 2'])
  })

  it('have room for as many as they can run to their wall clocks in what time is left', () => {
    expect(roomIn(shape, { live: 0, beganSeconds: null })).toBe(20)
    expect(roomIn(shape, { live: 3, beganSeconds: 1_000 })).toBe(9)
    expect(roomIn(shape, { live: 0, beganSeconds: 2_500 })).toBe(0)
  })

  it('get more where members end long before their wall clocks, by the pace that was seen; not once there is no time left', () => {
    expect(roomIn(shape, { live: 3, beganSeconds: 1_000, ended: 4 })).toBe(9)
    expect(roomIn(shape, { live: 3, beganSeconds: 1_000, ended: 2_000 })).toBe(9 + 10)
    expect(roomIn(shape, { live: 3, beganSeconds: 1_000, ended: 900_000 })).toBe(9 + 32)
    expect(roomIn(shape, { live: 3, beganSeconds: 2_500, ended: 900_000 })).toBe(0)
  })
})

describe('where the queue has few places', () => {
  const facts = { maxArraySize: 1_001, partitions: [NODES] }
  const sent = (waiting: readonly Waiting[], places: number, living?: Parameters<typeof plan>[2]) =>
    within(plan(waiting, facts, living), places).map(({ kind, jobs }) => `${kind} ${jobs.length}`)

  it('go as many as find one; a pilot takes one for all', () => {
    expect(sent(many(5, 2), 3)).toEqual(['single 3'])
    expect(sent(many(50, 2), 20)).toEqual(['array 20'])
    expect(sent(many(50, 2), 1)).toEqual(['single 1'])
    expect(sent(many(8, 2, 'pilot'), 1)).toEqual(['pilot 8'])
    expect(sent([...many(8, 2, 'pilot'), ...many(5, 4)], 2)).toEqual(['pilot 8', 'single 1'])
    expect(sent(many(5, 2), 0)).toEqual([])
  })

  it('go four pilots of a shape, or as many as run, so that the others go to whichever begins first', () => {
    expect([
      morePilots({ queued: 0, begun: 0 }),
      morePilots({ queued: 3, begun: 2 }),
      morePilots({ queued: 4, begun: 9 }),
    ]).toEqual([4, 1, 5])
    const planned = plan([...many(100, 2, 'pilot'), ...many(60, 4, 'pilot')], facts)
    const byShape = (most: number) =>
      within(planned, 99, ({ ranks }) => (ranks === 2 ? most : 99)).map(({ jobs }) => jobs[0]?.resources.ranks)
    const [all, few] = [byShape(99), byShape(1)]
    expect(all.filter((ranks) => ranks === 2).length).toBeGreaterThan(1)
    expect(few.filter((ranks) => ranks === 2)).toEqual([2])
    expect(few.filter((ranks) => ranks === 4)).toEqual(all.filter((ranks) => ranks === 4))
  })

  it('go those that a living pilot takes', () => {
    const id = BatchId.parse('aaaaaaaa-0000-4000-8000-000000000000')
    const living = [{ id, member: Resources.parse({ ranks: 2 }), room: 5 }]
    expect(sent(many(8, 2, 'pilot'), 0, living)).toEqual(['feed 5'])
    const byHand = many(8, 2).map((one) => ({ ...one, byHand: [id] }))
    expect(sent([...byHand, ...many(3, 4)], 1, [{ ...living[0], isByHand: true } as (typeof living)[number]])).toEqual([
      'feed 5',
      'single 1',
    ])
  })
})

describe('a pilot', () => {
  const member = { ranks: 2, memoryMebibytes: 1_500, walltimeSeconds: 3_600 }
  it.each([
    ['as many as the cores take', { memoryMebibytes: undefined }, 100, { slots: 4, most: 8 }],
    ['as many as the memory takes', {}, 100, { slots: 2, most: 4 }],
    ['no more than there are', { memoryMebibytes: undefined }, 3, { slots: 3, most: 3 }],
    ['none of several nodes', { nodes: 2 }, 100, null],
    ['none that outlasts the partition', { walltimeSeconds: 20_000 }, 100, null],
  ])('holds %s', (_, more, count, expected) => {
    const pilot = pilotFor(Resources.parse({ ...member, ...more }), count, NODES)
    expect(pilot === null ? null : { slots: pilot.shape.slots, most: pilot.most }).toEqual(expected)
  })

  it('asks for all of its members at once, and for time for all one after the other', () => {
    const pilot = pilotFor(Resources.parse(member), 4, NODES)
    expect(pilot?.resources).toMatchObject({ nodes: 1, ranks: 4, memoryMebibytes: 3_000, walltimeSeconds: 7_260 })
    expect(pilot?.shape).toEqual({ slots: 2, cores: 2, memberSeconds: 3_600, earlySeconds: 180, lifetimeSeconds: 7_260 })
  })
})

describe('a forecast', () => {
  it('counts submissions, thousand by thousand', () => {
    const shapes = [
      { ...job(1), count: 2_500 },
      { ...job(2, 'pilot'), count: 16 },
      { ...job(4), count: 3 },
    ]
    const groups = forecast(shapes, { maxArraySize: 1_001, partitions: [NODES] })
    expect(groups.map(({ packing, jobs, submissions }) => `${jobs} by ${submissions} ${packing}`)).toEqual([
      '2000 by 2 array',
      '500 by 1 array',
      // the first may run longer, for more wait than it is sure to have time for
      '8 by 1 pilot',
      '8 by 1 pilot',
      '3 by 3 single',
    ])
  })
})
