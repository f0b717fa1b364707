import { emptyResult } from '@crystalmath/codes'
import {
  ClusterName,
  type CrystalEvent,
  type Diagnosis,
  JobId,
  JobRequest,
  NativeId,
  ProjectId,
  type ResultSummary,
  type Structure,
  UserId,
} from '@crystalmath/contract'
import type { Job } from '@crystalmath/job'
import type { Log } from '@crystalmath/service'
import { createJobs, findJob, findStructure, findSubmittable, openStore, type Store, saveResult, tell } from '@crystalmath/store'
import { testDatabase } from '@crystalmath/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { advance } from './advance.ts'

const QUIET = { info() {}, warn() {}, debug() {}, error() {} } as unknown as Log
const ALPS = ClusterName.parse('alps')
const HYDROGEN: Structure = {
  latticeAngstrom: null,
  species: ['H', 'H'],
  positionsAngstrom: [
    [0, 0, 0],
    [0, 0, 0.74],
  ],
}
const SUMMARY: ResultSummary = {
  energyEv: null,
  energyKind: null,
  maxForceEvPerAngstrom: null,
  electronicConverged: null,
  ionicConverged: null,
  ionicStepCount: null,
  scfStepCount: null,
  wallSeconds: null,
  coreCount: null,
  formula: null,
}

const published: CrystalEvent[] = []
let store: Store
let database: ReturnType<typeof testDatabase>
beforeAll(async () => {
  database = testDatabase('orchestrator')
  store = await openStore({
    url: database.url,
    database: database.name,
    source: '/crystalmath/orchestrator',
    publish: async (events) => void published.push(...events),
  })
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

const at = () => new Date().toISOString()
const show = async (id: JobId): Promise<Job | null> => findJob(store, id)
const look = (of: JobId | null) => advance({ store, log: QUIET }, of, new Date())
const maySend = async (id: JobId) => (await findSubmittable(store, ALPS, at(), 10_000)).some((job) => job.id === id)

async function post(more: object = {}): Promise<JobId> {
  const id = JobId.parse(crypto.randomUUID())
  const { structure: _, ...request } = JobRequest.parse({ project: 'p', cluster: 'alps', code: 'script', ...more })
  const [projectId, userId] = [ProjectId.parse('p'), UserId.parse('ada')]
  const posted = { id, projectId, userId, campaignId: null, cluster: ALPS, code: 'script', name: 'x', request } as const
  await createJobs(store, [{ type: 'PostJob', at: at(), posted: { ...posted, structureHash: null } }])
  return id
}

/** Runs a job to its end without a cluster. */
async function end(id: JobId, structure: Structure | null, diagnosis: Diagnosis | null = null): Promise<void> {
  const evidence = { source: 'sentinel', at: at(), clock: 'cluster', said: 'end' } as const
  const answer = { kind: 'submitted', nativeId: NativeId.parse('1') } as const
  const ended = { ending: 'COMPLETED', exitCode: 0, provedBy: 'sentinel', evidence, startedAt: null, observedAt: at() } as const
  const judgement = { kind: 'ended', nativeId: answer.nativeId, end: ended } as const
  const resultId = await saveResult(store, id, 1, { ...emptyResult('script'), structure })
  await tell(store, id, { type: 'StartSubmission', at: at(), attempt: 1, nonce: 'a', keep: [], parse: '.' })
  await tell(store, id, { type: 'RecordAnswer', at: at(), attempt: 1, tryNumber: 1, answer, evidence, nextActionAt: at() })
  await tell(store, id, { type: 'RecordJudgement', at: at(), attempt: 1, judgement })
  await tell(store, id, { type: 'RecordOutputs', at: at(), attempt: 1, files: [], missing: [] })
  await tell(store, id, { type: 'RecordResult', at: at(), attempt: 1, resultId, summary: SUMMARY, diagnosis })
}

describe('the orchestrator', () => {
  it('lets a job go when the one before it is completed, once, and says so on the bus', async () => {
    const first = await post()
    const second = await post({ after: first })
    expect(await look(first)).toBe(0)
    expect(await maySend(second)).toBe(false)
    await end(first, null)
    published.length = 0
    const both = await Promise.all([look(first), look(null)])
    expect(both[0] + both[1]).toBeGreaterThanOrEqual(1)
    expect(await look(null)).toBe(0)
    expect(await maySend(second)).toBe(true)
    expect(await show(second)).toMatchObject({ waitingFor: null, status: 'accepted', attempt: 1 })
    expect(published.filter(({ subject, type }) => subject === second && type === 'JobSubmitted')).toHaveLength(1)
  })

  it('hands the last structure over to a job that asked for it', async () => {
    const first = await post()
    const [own, handed] = [await post({ after: first }), await post({ after: first, structureFrom: 'after' })]
    await end(first, HYDROGEN)
    await look(first)
    const hash = (await show(handed))?.structureHash ?? ''
    expect(await findStructure(store, hash)).toEqual(HYDROGEN)
    expect((await show(own))?.structureHash).toBeNull()
  })

  it('fails a job whose predecessor holds no structure to hand over', async () => {
    const first = await post()
    const second = await post({ after: first, structureFrom: 'after' })
    await end(first, null)
    await look(first)
    expect(await show(second)).toMatchObject({
      status: 'failed',
      verdict: `the result of job ${first} holds no structure to start from`,
    })
  })

  it('fails all that follows a cancelled job, link by link, with a verdict that names it', async () => {
    const first = await post()
    const second = await post({ after: first })
    const third = await post({ after: second })
    await tell(store, first, { type: 'RequestCancel', at: at(), by: 'ada' })
    expect(await look(first)).toBe(1)
    expect(await look(second)).toBe(1)
    expect(await show(second)).toMatchObject({ status: 'failed', verdict: expect.stringContaining(first), past: [] })
    expect(await show(third)).toMatchObject({ status: 'failed', verdict: expect.stringContaining(second) })
  })

  it('waits while the job before it may still be repaired', async () => {
    const first = await post()
    const second = await post({ after: first })
    await end(first, null, { kind: 'OUT_OF_MEMORY', message: 'too little', evidence: { file: 'x.out', line: null, text: 'oom' } })
    expect((await show(first))?.status).toBe('ended')
    expect(await look(null)).toBe(0)
    expect(await show(second)).toMatchObject({ status: 'accepted', waitingFor: { kind: 'PREDECESSOR' } })
  })

  it('finds in the sweep what no event announced, behind many jobs that wait for running ones', async () => {
    const live = await post()
    await Promise.all(Array.from({ length: 50 }, () => post({ after: live })))
    const done = await post()
    const second = await post({ after: done })
    await end(done, null)
    expect(await look(null)).toBe(1)
    expect(await maySend(second)).toBe(true)
  })
})
