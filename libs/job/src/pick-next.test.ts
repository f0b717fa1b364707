import { JobId, ProjectId, Resources } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { usedCoreHours } from './core-hours.ts'
import { type Pickable, type ProjectShare, pickNext } from './pick-next.ts'

const [a, b, c] = ['a', 'b', 'c'].map((id) => ProjectId.parse(id)) as [ProjectId, ProjectId, ProjectId]
let serial = 0
const job = (projectId: ProjectId, more: { priority?: number; ranks?: number; walltimeSeconds?: number } = {}): Pickable => {
  serial += 1
  return {
    id: JobId.parse(`00000000-0000-4000-8000-${String(serial).padStart(12, '0')}`),
    projectId,
    createdAt: new Date(serial * 1_000).toISOString(),
    request: { priority: more.priority ?? 0 },
    resources: Resources.parse({ ranks: more.ranks ?? 1, walltimeSeconds: more.walltimeSeconds ?? 3_600 }),
  }
}
const many = (projectId: ProjectId, count: number) => Array.from({ length: count }, () => job(projectId))
const share = (weight: number, coreHoursLeft: number | null = null): ProjectShare => ({ weight, coreHoursLeft })
const pick = (
  ready: readonly Pickable[],
  limit: number,
  shares: Record<string, ProjectShare> = {},
  taken: Record<string, number> = {},
) =>
  pickNext(ready, {
    limit,
    coresTaken: new Map(Object.entries(taken).map(([id, cores]) => [ProjectId.parse(id), cores])),
    shares: new Map(Object.entries(shares).map(([id, one]) => [ProjectId.parse(id), one])),
  })
const projectsOf = (jobs: readonly Pickable[]) => jobs.map(({ projectId }) => projectId).join('')

describe('who is sent next', () => {
  it('takes turns between projects, whoever came first', () => {
    expect(projectsOf(pick([...many(a, 4), ...many(b, 4)], 6).picked)).toBe('ababab')
  })

  it('gives three cores for one to a project of three times the weight', () => {
    expect(projectsOf(pick([...many(a, 20), ...many(b, 20)], 8, { a: share(1), b: share(3) }).picked)).toBe('babbbabb')
  })

  it('counts cores, not jobs', () => {
    const large = Array.from({ length: 4 }, () => job(a, { ranks: 4 }))
    expect(projectsOf(pick([...large, ...many(b, 12)], 10).picked)).toBe('abbbbabbbb')
  })

  it('lets those who have little on the account catch up', () => {
    expect(projectsOf(pick([...many(a, 4), ...many(b, 4)], 4, {}, { a: 3 }).picked)).toBe('bbba')
  })

  it('goes by priority, then age, inside a project', () => {
    const [old, young, urgent] = [job(a), job(a), job(a, { priority: 5 })]
    expect(pick([young, urgent, old], 3).picked).toEqual([urgent, old, young])
  })

  it('tells of a project that its budget stops though its turn did not come', () => {
    const dear = job(b, { ranks: 8 })
    const { picked, stopped } = pick([...many(a, 2), dear], 1, { b: share(1, 2) }, { b: 3 })
    expect(projectsOf(picked)).toBe('a')
    expect(stopped).toEqual([{ job: dear, coreHoursLeft: 2 }])
  })

  it('stops a project at the first job that its budget cannot pay, and no other', () => {
    const [first, large, small] = [job(a), job(a, { ranks: 8 }), job(a)]
    const { picked, stopped } = pick([first, large, small, ...many(b, 2)], 5, { a: share(1, 4) })
    expect(projectsOf(picked)).toBe('abb')
    expect(stopped).toEqual([{ job: large, coreHoursLeft: 3 }])
  })

  it('sends nothing where there is no room, and everything where there is', () => {
    expect(pick(many(a, 3), 0).picked).toEqual([])
    expect(pick([...many(a, 3), ...many(c, 1)], 99).picked).toHaveLength(4)
  })
})

describe('500 jobs of two projects on 16 slots', () => {
  it.each([
    [3, 1],
    [1, 1],
    [5, 2],
  ])('of weights %i and %i get their shares of the slots within 10 %%', (first, second) => {
    const waiting = [...many(a, 400), ...many(b, 400)]
    const running: { job: Pickable; until: number }[] = []
    const used = { a: 0, b: 0, c: 0 }
    let seed = 7
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647
      return seed / 2_147_483_647
    }
    let done = 0
    for (let now = 0; done < 500; now += 1) {
      for (const over of running.filter(({ until }) => until <= now)) {
        running.splice(running.indexOf(over), 1)
        done += 1
      }
      const taken: Record<string, number> = {}
      for (const { job: one } of running) taken[one.projectId] = (taken[one.projectId] ?? 0) + 1
      // jobs of b run twice as long: shares are of time on the slots, not of jobs
      for (const one of pick(waiting, 16 - running.length, { a: share(first), b: share(second) }, taken).picked) {
        waiting.splice(waiting.indexOf(one), 1)
        running.push({ job: one, until: now + Math.ceil((one.projectId === b ? 20 : 10) * (0.5 + random())) })
      }
      const both = waiting.some(({ projectId }) => projectId === a) && waiting.some(({ projectId }) => projectId === b)
      if (both) for (const { job: one } of running) used[one.projectId as 'a' | 'b'] += 1
    }
    const wanted = first / (first + second)
    expect(used.a / (used.a + used.b)).toBeGreaterThan(wanted * 0.9)
    expect(used.a / (used.a + used.b)).toBeLessThan(wanted * 1.1)
  })
})

describe('what an attempt cost', () => {
  const resources = Resources.parse({ ranks: 4, threadsPerRank: 2 })
  const at = (seconds: number) => new Date(seconds * 1_000).toISOString()
  const evidence = { source: 'sentinel', at: at(4_600), clock: 'cluster', said: '' } as const
  const end = {
    ending: 'COMPLETED',
    exitCode: 0,
    startedAt: at(1_000),
    provedBy: 'sentinel',
    evidence,
    observedAt: at(0),
  } as const

  it.each([
    ['an hour on eight cores', { end, startedAt: null }, 8],
    [
      'half an hour, where the end was heard of without the start',
      { end: { ...end, startedAt: at(4_600) }, startedAt: at(2_800) },
      4,
    ],
    ['nothing, where it never began', { end: { ...end, startedAt: null }, startedAt: null }, 0],
    ['nothing yet', { end: null, startedAt: at(0) }, 0],
    ['nothing, by clocks that disagree', { end: { ...end, startedAt: at(9_000) }, startedAt: null }, 0],
  ])('is %s', (_, said, coreHours) => expect(usedCoreHours({ ...said, resources })).toBe(coreHours))
})
