import { ClusterName, type CrystalEvent, JobId, JobRequest, NativeId, ProjectId, UserId } from '@crystalmath/contract'
import { testDatabase, waitUntil } from '@crystalmath/testing'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createJobs, findJob, findJobEvents, jobsOf, tell } from './jobs.ts'
import { openStore, type Store } from './open.ts'
import { findUnpublished, publishNews } from './outbox.ts'
import { tellMany } from './tell-many.ts'
import { findSubmittable, findUnanswered } from './work.ts'

const AT = '2026-11-21T10:00:00.000Z'
const published: CrystalEvent[] = []
let busIsAway = false
let store: Store
let database: ReturnType<typeof testDatabase>

beforeAll(async () => {
  database = testDatabase('jobs')
  store = await openStore({
    url: database.url,
    database: database.name,
    source: '/crystalmath/test',
    publish: async (events) => {
      if (busIsAway) throw new Error('away')
      published.push(...events)
    },
  })
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

const { structure: _, ...request } = JobRequest.parse({ project: 'silicon', cluster: 'alps', code: 'script' })
const post = (id: JobId) =>
  ({
    type: 'PostJob',
    at: AT,
    posted: {
      id,
      projectId: ProjectId.parse('silicon'),
      userId: UserId.parse('ada'),
      campaignId: null,
      cluster: ClusterName.parse('alps'),
      code: 'script',
      name: 'one',
      request,
      structureHash: null,
    },
  }) as const
const newId = () => JobId.parse(uuidv7())
const start = (nonce: string) => ({ type: 'StartSubmission', at: AT, attempt: 1, nonce, keep: [], parse: '.' }) as const
const typesOf = (id: JobId) => published.filter((event) => event.subject === id).map(({ type }) => type)

describe('the store', () => {
  it('makes a job once, however often it is posted, and says so once', async () => {
    const id = newId()
    expect(await createJobs(store, [post(id)])).toEqual([id])
    expect(await createJobs(store, [post(id)])).toEqual([])
    expect(typesOf(id)).toEqual(['JobSubmitted'])
    expect(await findJob(store, id)).toMatchObject({ id, status: 'accepted', version: 1 })
  })

  it('lets one of many writers win, and every loser decides again', async () => {
    const id = newId()
    await createJobs(store, [post(id)])
    const after = await Promise.all(Array.from({ length: 12 }, (_, i) => tell(store, id, start(`n${i}`))))
    const nonces = new Set(after.map((job) => job?.nonce))
    expect(nonces.size).toBe(1)
    expect(await findJob(store, id)).toMatchObject({ status: 'submitting', tryNumber: 1, version: 2 })
    expect(await findJobEvents(store, id)).toMatchObject([{ type: 'JobPosted' }, { type: 'SubmissionStarted' }])
  })

  it('tells many in few writes while others are told some of them, and says the news of each at once', async () => {
    const ids = Array.from({ length: 60 }, newId)
    await createJobs(store, ids.map(post))
    const nativeId = NativeId.parse('7')
    const evidence = { source: 'claim', at: AT, clock: 'platform', said: 'submitted as 7' } as const
    const answer = { kind: 'submitted', nativeId } as const
    const answered = { type: 'RecordAnswer', at: AT, attempt: 1, tryNumber: 1, answer, evidence, nextActionAt: AT } as const
    await tellMany(
      store,
      ids.map((jobId) => ({ jobId, command: start('n') })),
    )
    const cancel = { type: 'RequestCancel', at: AT, by: 'ada' } as const
    const [told] = await Promise.all([
      tellMany(
        store,
        ids.map((jobId) => ({ jobId, command: answered })),
      ),
      ...ids.filter((_, i) => i % 3 === 0).map((id) => tell(store, id, cancel as never)),
    ])
    expect([...told.values()].map(({ nativeId: id }) => id)).toEqual(ids.map(() => nativeId))
    for (const [i, id] of ids.entries()) {
      expect(await findJob(store, id)).toMatchObject({ status: 'pending', nativeId })
      expect((await findJob(store, id))?.cancelRequested === null).toBe(i % 3 !== 0)
      expect(typesOf(id).filter((type) => type === 'StateChanged')).toHaveLength(2)
    }
  })

  it('keeps what the bus did not take until somebody relays it', async () => {
    const id = newId()
    await createJobs(store, [post(id)])
    await store.emptying.flush()
    busIsAway = true
    await tell(store, id, start('n'))
    busIsAway = false
    expect(typesOf(id)).toEqual(['JobSubmitted'])
    const left = (await findUnpublished(store, '2999-01-01T00:00:00.000Z', 100)).filter(({ jobId }) => jobId === id)
    expect(left).toMatchObject([{ news: [{ type: 'StateChanged', data: { to: 'submitting' } }] }])
    await publishNews(store, left)
    expect(typesOf(id)).toEqual(['JobSubmitted', 'StateChanged'])
    await store.emptying.flush()
    expect(await jobsOf(store).findOne({ _id: id })).not.toHaveProperty('unpublished')
  })

  it('empties many outboxes in one write a moment later, and leaves alone what came meanwhile', async () => {
    const [one, other] = [newId(), newId()]
    await createJobs(store, [post(one), post(other)])
    await tell(store, one, start('n'))
    busIsAway = true
    await tell(store, other, start('n'))
    busIsAway = false
    const outboxes = async () =>
      await jobsOf(store)
        .find({ _id: { $in: [one, other] } }, { sort: { _id: 1 } })
        .map(({ unpublished }) => unpublished?.map(({ type }) => type))
        .toArray()
    await waitUntil(async () => (await outboxes())[0] === undefined, { timeoutMs: 5_000, onTimeout: () => 'not emptied' })
    expect(await outboxes()).toEqual([undefined, ['StateChanged']])
  })

  it('leaves a job of a later release, which it cannot read, to that release', async () => {
    const id = newId()
    await createJobs(store, [post(id)])
    await jobsOf(store).updateOne({ _id: id }, { $set: { minReader: 2 as never } })
    await expect(tell(store, id, start('n'))).rejects.toThrow(/readers from 2 on, this release reads 1/)
    expect((await findSubmittable(store, ClusterName.parse('alps'), AT, 1_000)).map((job) => job.id)).not.toContain(id)
  })

  it('keeps every event of a job with more than fits beside it', async () => {
    const id = newId()
    await createJobs(store, [post(id)])
    for (let i = 0; i < 450; i += 1) {
      const waitingFor = { kind: 'OTHER', because: `turn ${i}`, since: AT } as const
      await tell(store, id, { type: 'Wait', at: AT, waitingFor, nextActionAt: null })
    }
    const events = await findJobEvents(store, id)
    expect(events).toHaveLength(451)
    const said = events.flatMap((event) => (event.type === 'Waited' ? [event.waitingFor?.because] : []))
    expect(said).toEqual(Array.from({ length: 450 }, (_, i) => `turn ${i}`))
  })

  it('offers a silent submission for a look-up when it is old enough, and after each look-up only at its time', async () => {
    const cluster = ClusterName.parse('elba')
    const id = newId()
    const { posted } = post(id)
    await createJobs(store, [{ type: 'PostJob', at: AT, posted: { ...posted, cluster } }])
    await tell(store, id, start('n'))
    const offered = async (now: string, claimedBefore = now) =>
      (await findUnanswered(store, cluster, { claimedBefore, now }, 10)).map((job) => job.id)
    const [soon, later] = ['2026-11-21T10:00:30.000Z', '2026-11-21T10:01:30.000Z']
    expect(await offered(soon, '2026-11-21T09:59:59.000Z')).toEqual([])
    expect(await offered(soon)).toEqual([id])
    await tell(store, id, { type: 'AwaitAnswer', at: AT, attempt: 1, tryNumber: 1, nextActionAt: later })
    expect(await offered(soon)).toEqual([])
    expect(await offered(later)).toEqual([id])
  })

  it('offers the most urgent job first, and none that is held', async () => {
    const cluster = ClusterName.parse('jura')
    const make = async (priority: number) => {
      const id = newId()
      const { posted } = post(id)
      await createJobs(store, [{ type: 'PostJob', at: AT, posted: { ...posted, cluster, request: { ...request, priority } } }])
      return id
    }
    const [low, high, held] = [await make(0), await make(9), await make(99)]
    await tell(store, held, { type: 'PutOnHold', at: AT, hold: { reason: 'wait', by: 'ada', until: null } })
    expect((await findSubmittable(store, cluster, '2999-01-01T00:00:00.000Z', 10)).map(({ id }) => id)).toEqual([high, low])
  })
})
