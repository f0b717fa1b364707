import { JobId, JobView, ProjectId, tokenOf } from '@crystalmath/contract'
import { findFinishedRuns, jobsOf, jobsPort } from '@crystalmath/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Platform, SILICON, startPlatform } from './testing/platform.ts'

let platform: Platform
beforeAll(async () => {
  platform = await startPlatform()
})
afterAll(() => platform.close())

const { resources: _, ...SILENT } = SILICON
const post = async (body: unknown, query = '') => platform.ask('mike', 'POST', `/v1/jobs${query}`, { body })

describe('resources that a request does not name', () => {
  it('are estimated, and the job says which and why', async () => {
    const job = JobView.parse((await post(SILENT)).json)
    expect(job.resources).toMatchObject({ nodes: 1, memoryMebibytes: expect.any(Number), walltimeSeconds: expect.any(Number) })
    expect(job.estimate).toMatchObject({
      fields: expect.arrayContaining(['resources.ranks', 'resources.memoryMebibytes', 'resources.walltimeSeconds']),
      kind: 'scf',
    })
    expect(job.estimate?.because.join('\n')).toMatch(/no finished runs like it/)
    const inputs = await platform.ask('mike', 'GET', `/v1/jobs/${job.id}/inputs`)
    expect(inputs.json['request']).toMatchObject({ resources: {} })
  })

  it('are the user’s where they are named', async () => {
    const named = { ranks: 3, memoryMebibytes: 700, walltimeSeconds: 900 }
    const job = JobView.parse((await post({ ...SILENT, resources: named })).json)
    expect(job.resources).toMatchObject(named)
    for (const name of Object.keys(named)) expect(job.estimate?.fields).not.toContain(`resources.${name}`)
  })

  it('are shown by a dry run, row by row', async () => {
    const { json } = await post(
      [SILENT, { ...SILENT, parameters: { ...SILENT.parameters, calculation: 'relax' } }],
      '?dryRun=true',
    )
    expect(json['planned']).toMatchObject([
      { row: 0, resources: { nodes: 1 }, estimate: { kind: 'scf' } },
      { row: 1, estimate: { kind: 'relax' } },
    ])
  })

  it('are corrected by what finished runs of the project took', async () => {
    const first = JobView.parse((await post(SILENT)).json)
    const jobs = jobsOf(platform.store)
    const one = await jobs.findOne({ _id: first.id })
    if (one === null || first.estimate === null) throw new Error('it was made just now')
    const startedAt = '2026-11-20T10:00:00.000Z'
    const endedAt = new Date(Date.parse(startedAt) + 1_000 * first.estimate.coreSeconds).toISOString()
    const evidence = { source: 'sentinel', at: endedAt, clock: 'cluster' as const, said: 'exit 0' }
    const end = { ending: 'COMPLETED', exitCode: 0, startedAt, provedBy: 'sentinel', evidence, observedAt: endedAt } as const
    const ids = [1, 2, 3].map((n) => JobId.parse(`00000000-0000-4000-8000-00000000000${n}`))
    await jobs.insertMany(
      ids.map((_id) => ({
        ...one,
        _id,
        id: _id,
        status: 'completed' as const,
        startedAt,
        end,
        resources: { ...one.resources, ranks: 1 },
      })),
    )
    // what accounting saw of memory: of a run of minutes, of one too short for its samples, and of none
    const memories = [
      { batchMebibytes: 900, taskMebibytes: 20, seconds: 600 },
      { batchMebibytes: 3, taskMebibytes: null, seconds: 20 },
    ]
    const port = jobsPort(platform.store)
    const charged = ids.map((id) => ({ job: { ...one, id }, coreHours: 1 }))
    await port.saveCharges(charged, { at: endedAt, isFinal: false })
    await port.settleCharges(
      memories.map((memory, i) => ({ token: tokenOf(ids[i] as JobId, 1), coreHours: 2, memory })),
      endedAt,
    )
    const shown = JobView.parse((await platform.ask('mike', 'GET', `/v1/jobs/${ids[0]}`)).json)
    expect(shown.accounts).toEqual([{ attempt: 1, coreHours: 2, isFinal: true, memory: memories[0] }])
    const runs = await findFinishedRuns(platform.store, {
      project: ProjectId.parse(first.project),
      cluster: first.cluster,
      code: first.code,
    })
    expect(runs).toHaveLength(3)
    expect(runs.flatMap(({ usedMebibytes }) => usedMebibytes ?? [])).toEqual([900])
    expect(runs[0]).toMatchObject({ kind: 'scf', cores: 1 })
    expect((runs[0]?.usedCoreSeconds ?? 0) / first.estimate.coreSeconds).toBeCloseTo(1, 2)
    const next = JobView.parse((await post(SILENT)).json)
    expect(next.estimate?.because.join('\n')).toContain('1.5 times the worst of 3 finished runs of this project like it')
    const elsewhere = await findFinishedRuns(platform.store, {
      project: ProjectId.parse('other'),
      cluster: first.cluster,
      code: first.code,
    })
    expect(elsewhere).toEqual([])
  })

  it('share ranks out anew when a retry changes their number', async () => {
    const { id } = JobView.parse(
      (await post({ ...SILENT, parameters: { ...SILENT.parameters, kMesh: [8, 8, 8] }, resources: { ranks: 4 } })).json,
    )
    await platform.ask('mike', 'POST', `/v1/jobs/${id}/cancel`)
    const { json } = await platform.ask('mike', 'POST', `/v1/jobs/${id}/retry`, { body: { set: { 'resources.ranks': 6 } } })
    expect(json).toMatchObject({ attempt: 2, resources: { ranks: 6 }, parameters: { pools: 6 } })
  })
})
