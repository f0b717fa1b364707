import {
  ClusterName,
  EvidenceView,
  JobEventView,
  JobId,
  JobRequest,
  JobView,
  NativeId,
  ProjectId,
  STATUSES,
  UserId,
} from '@crystalmath/contract'
import { evolve, type Job, type JobEvent } from '@crystalmath/job'
import { describe, expect, it } from 'vitest'
import { toEventView } from './event-view.ts'
import { toEvidenceView, wouldChange } from './evidence-view.ts'
import { toJobView } from './job-view.ts'

const at = '2026-11-21T09:00:00.000Z'
const evidence = { source: 'squeue', at, clock: 'cluster', said: 'RUNNING' } as const
const { structure: _, ...request } = JobRequest.parse({
  project: 'p',
  cluster: 'alps',
  code: 'script',
  labels: { a: 'b' },
  priority: 3,
})

const posted: JobEvent = {
  type: 'JobPosted',
  at,
  id: JobId.parse('00000000-0000-4000-8000-000000000000'),
  projectId: ProjectId.parse('p'),
  userId: UserId.parse('mike'),
  campaignId: null,
  cluster: ClusterName.parse('alps'),
  code: 'script',
  name: 'hello',
  request,
  structureHash: null,
}
const nativeId = NativeId.parse('812')
const story: readonly JobEvent[] = [
  posted,
  { type: 'Held', at, hold: { reason: 'wrong cell', by: 'mike', until: null } },
  { type: 'Released', at, by: 'mike' },
  { type: 'SubmissionStarted', at, tryNumber: 1, nonce: 'a', keep: ['*'], parse: '.' },
  { type: 'SubmissionAnswered', at, tryNumber: 1, answer: { kind: 'submitted', nativeId }, evidence },
  { type: 'Seen', at, status: 'running', nativeId, startedAt: at, evidence },
  { type: 'Missed', at, listingId: 'l1' },
  {
    type: 'EndObserved',
    at,
    end: { ending: 'TIMEOUT', exitCode: 1, provedBy: 'scheduler', evidence, startedAt: at, observedAt: at },
  },
  { type: 'AttemptEnded', at, files: [{ path: 'x', size: 1 }], missing: ['y'] },
]
const after = (count: number): Job => {
  const [first, ...rest] = story.slice(0, count)
  if (first === undefined) throw new TypeError('at least one event')
  return rest.reduce<Job>(evolve, evolve(null, first))
}

describe('views', () => {
  it('of a job at every step of its story keep the schema', () => {
    for (let count = 1; count <= story.length; count += 1) expect(JobView.parse(toJobView(after(count)))).toBeDefined()
  })

  it('show where it runs, how it ended and what proved that', () => {
    expect(toJobView(after(2))).toMatchObject({ held: true, holds: [{ reason: 'wrong cell' }], labels: { a: 'b' }, priority: 3 })
    expect(toJobView(after(6))).toMatchObject({
      status: 'running',
      nativeId: '812',
      startedAt: at,
      ending: null,
      endObservedAt: null,
    })
    expect(toJobView(after(8))).toMatchObject({
      status: 'running',
      ending: 'TIMEOUT',
      exitCode: 1,
      provedBy: 'scheduler',
      endObservedAt: at,
    })
    expect(toJobView(after(9))).toMatchObject({ status: 'ended' })
  })

  it('of events say a sentence each and keep what was stored', () => {
    const views = story.map(toEventView)
    for (const view of views) expect(JobEventView.parse(view).said).toMatch(/\w/)
    expect(views.map(({ said }) => said)).toEqual([
      'posted by mike',
      'held by mike: wrong cell',
      'released by mike',
      'try 1 began: from now on it may have reached the cluster',
      'try 1: submitted as 812',
      'seen running as 812: RUNNING',
      'a complete listing (l1) did not show it',
      'ended TIMEOUT, exit status 1, proved by scheduler: RUNNING',
      '1 outputs are kept, 1 are missing: y',
    ])
    expect(views[4]).toMatchObject({ index: 4, evidence, detail: { tryNumber: 1, answer: { kind: 'submitted' } } })
  })

  it('of evidence tell the belief, its reason and the weighty facts', () => {
    const view = EvidenceView.parse(toEvidenceView(after(7), story.slice(0, 7)))
    expect(view.belief).toBe('it runs on alps as 812')
    expect(view.because).toEqual(evidence)
    expect(view.history.map(({ type }) => type)).toEqual(['JobPosted', 'SubmissionAnswered', 'Seen', 'Missed'])
    expect(view.wouldChange.join('\n')).toMatch(/1 so far/)
  })

  it('say of every status what would change it', () => {
    for (const status of STATUSES) expect(wouldChange({ ...after(6), status }), status).not.toEqual([])
    const cancelling: Job = { ...after(6), cancelRequested: { by: 'mike', at } }
    expect(wouldChange(cancelling).at(-1)).toMatch(/mike asked to cancel it/)
  })
})
