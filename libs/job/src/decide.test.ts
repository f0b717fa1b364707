import { BatchId, JobId } from '@crystalmath/contract'
import { specFor } from '@crystalmath/testing'
import { describe, expect, it } from 'vitest'
import type { Command } from './commands.ts'
import { decide } from './decide.ts'
import type { JobEvent } from './events.ts'
import { evolve } from './evolve.ts'
import type { Job } from './job.ts'
import { goodEndOf } from './judging/sentinel.ts'
import { newsOf } from './news.ts'
import { AT, attemptEnded, end, endObserved, evidence, NATIVE, posted, running, sight, started, submitted } from './samples.ts'

const given = specFor<Job | null, Command, JobEvent>({
  decide: (command, job) => decide(command, job),
  evolve,
  initialState: null,
})
const jobAfter = (...events: readonly JobEvent[]): Job => {
  const job = events.reduce<Job | null>(evolve, null)
  if (job === null) throw new TypeError('no events')
  return job
}

const { type: _posted, at: _at, ...facts } = posted as Extract<JobEvent, { type: 'JobPosted' }>
const start: Command = { type: 'StartSubmission', at: AT, attempt: 1, nonce: 'n1', keep: ['*.out'], parse: '.' }
const answer = (answer: Extract<Command, { type: 'RecordAnswer' }>['answer'], tryNumber = 1): Command => ({
  type: 'RecordAnswer',
  at: AT,
  attempt: 1,
  tryNumber,
  answer,
  evidence,
  nextActionAt: AT,
})
const SUBMITTED = { kind: 'submitted', nativeId: NATIVE } as const
const cancel: Command = { type: 'RequestCancel', at: AT, by: 'ada' }
const ended = (provedBy: 'sentinel' | 'scheduler' | 'absence' = 'sentinel') => [
  posted,
  started(1),
  submitted(1),
  running,
  endObserved(provedBy),
  attemptEnded,
]
const summary = {
  energyEv: -1,
  energyKind: 'total',
  maxForceEvPerAngstrom: null,
  electronicConverged: true,
  ionicConverged: null,
  ionicStepCount: 1,
  scfStepCount: 7,
  wallSeconds: 1,
  coreCount: 1,
  formula: 'Si2',
}
const result = (diagnosis: Extract<Command, { type: 'RecordResult' }>['diagnosis']): Command => ({
  type: 'RecordResult',
  at: AT,
  attempt: 1,
  resultId: 'r1',
  summary,
  diagnosis,
})
const CAUSE = { kind: 'OUT_OF_MEMORY', message: 'too little memory', evidence: { file: 'x', line: null, text: '' } }

describe('submitting', () => {
  it('starts once', () => given(posted).when(start).then(started(1)))
  it('ignores the same request delivered again', () => given(posted, started(1)).when(start).then())
  it('waits for the job before it, and is let go once, with the structure that is handed over', () => {
    const after = JobId.parse('01890a5d-ac96-774b-bcce-b302099a8058')
    const waiting = decide({ type: 'PostJob', at: AT, posted: { ...facts, request: { ...facts.request, after } } }, null)
    const job = jobAfter(...waiting)
    expect(job).toMatchObject({ waitingFor: { kind: 'PREDECESSOR' }, nextActionAt: null })
    given(...waiting)
      .when(start)
      .then()
    given(...waiting)
      .when({ type: 'LetGo', at: AT, structureHash: 'h1' })
      .then({ type: 'LetGo', at: AT, structureHash: 'h1' })
    const letGo = { type: 'LetGo', at: AT, structureHash: 'h1' } as const
    const free = jobAfter(...waiting, letGo)
    expect(free).toMatchObject({ waitingFor: null, nextActionAt: AT, structureHash: 'h1' })
    expect(newsOf(job, [letGo], free)).toMatchObject([{ type: 'JobSubmitted' }])
    given(...waiting, letGo)
      .when({ type: 'LetGo', at: AT, structureHash: 'h2' })
      .then()
    given(posted).when({ type: 'LetGo', at: AT }).then()
  })

  it('starts the next try after a refusal', () =>
    given(posted, started(1), {
      type: 'SubmissionAnswered',
      at: AT,
      tryNumber: 1,
      answer: { kind: 'refused', reason: 'QUOTA', said: 'no' },
      evidence,
    })
      .when({ ...start, nonce: 'n2' })
      .then(started(2)))
  it('does not start while somebody holds the job', () =>
    given(posted, { type: 'Held', at: AT, hold: { reason: 'looks odd', by: 'ada', until: null } })
      .when(start)
      .then())
  it('takes an answer once', () => {
    given(posted, started(1)).when(answer(SUBMITTED)).then(submitted(1))
    given(posted, started(1), submitted(1)).when(answer(SUBMITTED)).then()
  })
  it('ignores the answer of an earlier try', () => given(posted, started(1), started(2)).when(answer(SUBMITTED, 1)).then())
  it('stays submitting when the answer is silence', () => {
    const facts = decide(answer({ kind: 'unknown', said: 'Socket timed out' }), jobAfter(posted, started(1)))
    expect(jobAfter(posted, started(1), ...facts)).toMatchObject({ status: 'submitting', waitingFor: { kind: 'SUBMIT_ANSWER' } })
  })
  it('fails for good when the scheduler calls the request invalid', () => {
    const facts = decide(answer({ kind: 'refused', reason: 'INVALID', said: 'no such partition' }), jobAfter(posted, started(1)))
    expect(jobAfter(posted, started(1), ...facts)).toMatchObject({
      status: 'failed',
      verdict: expect.stringContaining('no such partition'),
    })
  })
  it('fails with a diagnosis where the cause of a refusal is known', () => {
    const diagnosis = {
      kind: 'PSEUDOPOTENTIAL_MISSING',
      message: 'none',
      evidence: { file: 'refused', line: null, text: 'none' },
    }
    const facts = decide(
      {
        ...answer({ kind: 'refused', reason: 'INVALID', said: 'no readable file' }),
        cause: { diagnosis, verdict: 'the pseudopotential of Si is missing. What helps: put it there' },
      } as Command,
      jobAfter(posted, started(1)),
    )
    expect(jobAfter(posted, started(1), ...facts)).toMatchObject({
      status: 'failed',
      diagnosis: 'PSEUDOPOTENTIAL_MISSING',
      verdict: 'nothing was submitted: the pseudopotential of Si is missing. What helps: put it there',
    })
  })
  it('goes back to accepted upon proof that a silent try submitted nothing', () => {
    const facts = decide(
      { type: 'RecordJudgement', at: AT, attempt: 1, judgement: { kind: 'never-submitted', tryNumber: 1, evidence } },
      jobAfter(posted, started(1)),
    )
    expect(jobAfter(posted, started(1), ...facts)).toMatchObject({ status: 'accepted', tryNumber: 1 })
  })
})

describe('being seen', () => {
  const seen = (status: 'pending' | 'running'): Command => ({
    type: 'RecordJudgement',
    at: AT,
    attempt: 1,
    judgement: { kind: 'alive', status, nativeId: NATIVE, startedAt: null, reason: null, evidence },
  })
  it('adopts a silent submission that shows itself in the queue', () => {
    const facts = decide(seen('pending'), jobAfter(posted, started(1)))
    expect(jobAfter(posted, started(1), ...facts)).toMatchObject({ status: 'pending', nativeId: NATIVE })
  })
  it('never takes a running job back to pending', () => {
    const facts = decide(seen('pending'), jobAfter(posted, started(1), submitted(1), running))
    expect(facts).toEqual([])
  })
  it('writes nothing when nothing changed', () => given(posted, started(1), submitted(1), running).when(seen('running')).then())
  it('ignores news of an earlier attempt', () =>
    given(posted, started(1), submitted(1))
      .when({ ...seen('running'), attempt: 0 } as Command)
      .then())
})

describe('ending', () => {
  it('keeps the status until the outputs are stored', () => {
    expect(jobAfter(posted, started(1), submitted(1), running, endObserved())).toMatchObject({
      status: 'running',
      end: { ending: 'COMPLETED' },
    })
    expect(jobAfter(...ended())).toMatchObject({ status: 'ended' })
  })
  it('stores outputs once', () =>
    given(...ended())
      .when({ type: 'RecordOutputs', at: AT, attempt: 1, files: [], missing: [] })
      .then())
  it('completes upon a good result', () => {
    const facts = decide(result(null), jobAfter(...ended()))
    expect(facts.map(({ type }) => type)).toEqual(['OutputParsed', 'JobCompleted'])
  })
  it('asks for recovery upon any other', () => {
    const facts = decide(result(CAUSE), jobAfter(...ended()))
    expect(facts.map(({ type }) => type)).toEqual(['OutputParsed', 'RecoveryRequested'])
  })
  it('takes a result once', () =>
    given(...ended(), { type: 'OutputParsed', at: AT, resultId: 'r1', summary })
      .when(result(null))
      .then())
})

describe('the next attempt', () => {
  const origin = { rule: 'more-memory', because: 'it ran out', changes: [], copies: [], altered: false }
  const derive: Command = {
    type: 'DeriveAttempt',
    at: AT,
    attempt: 1,
    origin,
    structureHash: null,
    parameters: {},
    resources: jobAfter(posted).resources,
  }
  it('is fenced unless the scheduler itself proved the last one over', () => {
    expect(jobAfter(...ended('absence'), ...decide(derive, jobAfter(...ended('absence'))))).toMatchObject({
      status: 'accepted',
      attempt: 2,
      fencing: 1,
    })
    expect(jobAfter(...ended('scheduler'), ...decide(derive, jobAfter(...ended('scheduler'))))).toMatchObject({
      attempt: 2,
      fencing: null,
    })
  })
  it('is not submitted before the fence', () => {
    const past = [...ended('absence'), ...decide(derive, jobAfter(...ended('absence')))]
    given(...past)
      .when({ ...start, attempt: 2 })
      .then()
    const fence: Command = { type: 'RecordFence', at: AT, fenced: 1, evidence }
    given(...past, ...decide(fence, jobAfter(...past)))
      .when({ ...start, attempt: 2 })
      .then(started(1))
  })
  it('is derived once', () => {
    const past = [...ended('scheduler'), ...decide(derive, jobAfter(...ended('scheduler')))]
    given(...past)
      .when(derive)
      .then()
  })
  it('remembers the last one', () => {
    const job = jobAfter(...ended('scheduler'), ...decide(derive, jobAfter(...ended('scheduler'))))
    expect(job.past).toMatchObject([{ attempt: 1, ending: 'COMPLETED', nativeId: NATIVE }])
  })
})

describe('a judgement that comes late', () => {
  const at = AT
  it('disproves no later try than its own', () => {
    const refused = answer({ kind: 'refused', reason: 'QUEUE_FULL', said: 'full' })
    const first = [posted, started(1)]
    const second = [...first, ...decide(refused, jobAfter(...first)), started(2)]
    const judgement = { kind: 'never-submitted', tryNumber: 1, evidence } as const
    expect(decide({ type: 'RecordJudgement', at, attempt: 1, judgement }, jobAfter(...second))).toEqual([])
  })
  it('calls no job lost that was seen since', () => {
    const lost = endObserved('absence')
    if (lost.type !== 'EndObserved') throw new Error('an end')
    const command: Command = {
      type: 'RecordJudgement',
      at,
      attempt: 1,
      judgement: { kind: 'ended', end: lost.end, nativeId: NATIVE },
    }
    const running: JobEvent = {
      type: 'Seen',
      at: '2026-11-21T11:00:00.000Z',
      status: 'running',
      nativeId: NATIVE,
      startedAt: AT,
      evidence,
    }
    expect(decide(command, jobAfter(posted, started(1), submitted(1), running))).toEqual([])
  })
})

describe('cancelling', () => {
  it('is done at once before the first submission', () => {
    const facts = decide(cancel, jobAfter(posted))
    expect(facts.map(({ type }) => type)).toEqual(['JobCancelled'])
  })
  it('is a wish once the job may be on the cluster', () =>
    given(posted, started(1)).when(cancel).then({ type: 'CancelRequested', at: AT, by: 'ada' }))
  it('is said once', () => given(posted, started(1), { type: 'CancelRequested', at: AT, by: 'ada' }).when(cancel).then())
  it('keeps the result of a job that finished first', () => {
    const past = [
      posted,
      started(1),
      submitted(1),
      { type: 'CancelRequested', at: AT, by: 'ada' } as const,
      endObserved(),
      attemptEnded,
    ]
    expect(jobAfter(...past, ...decide(result(null), jobAfter(...past)))).toMatchObject({ status: 'completed' })
  })
  it('ends a job whose recovery is asked for, before or after the wish', () => {
    const past = [posted, started(1), submitted(1), endObserved(), attemptEnded]
    const failed = [...past, ...decide(result(CAUSE), jobAfter(...past))]
    expect(jobAfter(...failed, ...decide(cancel, jobAfter(...failed)))).toMatchObject({ status: 'cancelled' })
    const wished = { ...jobAfter(...failed), cancelRequested: { by: 'ada', at: AT } }
    const derive: Command = {
      type: 'DeriveAttempt',
      at: AT,
      attempt: 1,
      origin: wished.origin,
      structureHash: null,
      parameters: {},
      resources: wished.resources,
    }
    expect(decide(derive, wished).map(({ type }) => type)).toEqual(['JobCancelled'])
  })
  it('ends a job whose outputs wait for a mend of the reader', () => {
    const fault = { kind: 'PARSER_FAULT', because: 'a bug', since: AT } as const
    given(...ended(), { type: 'Waited', at: AT, waitingFor: fault, nextActionAt: null })
      .when(cancel)
      .then({
        type: 'JobCancelled',
        at: AT,
        evidence: { source: 'user', at: AT, clock: 'platform', said: 'cancelled by ada' },
      })
  })
  it('ends cancelled, not failed, when the run was stopped', () => {
    const past = [
      posted,
      started(1),
      submitted(1),
      { type: 'CancelRequested', at: AT, by: 'ada' } as const,
      endObserved(),
      attemptEnded,
    ]
    expect(jobAfter(...past, ...decide(result(CAUSE), jobAfter(...past)))).toMatchObject({ status: 'cancelled' })
  })
})

describe('a try that silence disproved, and that may come late', () => {
  const never: Command = {
    type: 'RecordJudgement',
    at: AT,
    attempt: 1,
    judgement: { kind: 'never-submitted', tryNumber: 1, evidence },
  }
  const disproved: JobEvent = {
    type: 'SubmissionAnswered',
    at: AT,
    tryNumber: 1,
    answer: { kind: 'refused', reason: 'OTHER', said: 'said' },
    evidence,
    bySilence: true,
  }
  const wish: JobEvent = { type: 'CancelRequested', at: AT, by: 'ada' }
  const fencing: JobEvent = { type: 'FencingBegun', at: AT, attempt: 1 }
  const fenced: JobEvent = { type: 'AttemptFenced', at: AT, fenced: 1, evidence }
  const proved: Command = { type: 'RecordFence', at: AT, fenced: 1, evidence }

  it('is fenced before its job is called cancelled, whenever the wish came', () => {
    given(posted, started(1), disproved).when(cancel).then(wish, fencing)
    given(posted, started(1), wish).when(never).then(disproved, fencing)
    given(posted, started(1), disproved, started(2), wish)
      .when(answer({ kind: 'refused', reason: 'QUOTA', said: 'full' }, 2))
      .then(
        {
          type: 'SubmissionAnswered',
          at: AT,
          tryNumber: 2,
          answer: { kind: 'refused', reason: 'QUOTA', said: 'full' },
          evidence,
        },
        fencing,
      )
    given(posted, started(1), disproved, wish, fencing).when(proved).then(fenced, { type: 'JobCancelled', at: AT, evidence })
  })
  it('is no obstacle to the next try, but to another attempt', () => {
    given(posted, started(1), disproved)
      .when({ ...start, nonce: 'n2' })
      .then(started(2))
    const late = { ...jobAfter(...ended('scheduler')), mayComeLate: true }
    const origin = { rule: 'retry', because: 'again', changes: [], copies: [], altered: false }
    const { structureHash, parameters, resources } = late
    const derive: Command = { type: 'DeriveAttempt', at: AT, attempt: 1, origin, structureHash, parameters, resources }
    expect(decide(derive, late)).toMatchObject([{ type: 'AttemptDerived', fence: true }])
  })
  it('is the attempt again if it finished well before another was claimed', () => {
    const origin = { rule: 'retry', because: 'again', changes: [], copies: [], altered: true }
    const first = jobAfter(...ended('absence'))
    const { structureHash, resources } = first
    const derive: Command = { type: 'DeriveAttempt', at: AT, attempt: 1, origin, structureHash, parameters: { x: 1 }, resources }
    const past = [...ended('absence'), ...decide(derive, first)]
    const good = goodEndOf(sight({ lockOwner: '813.0', end: end({ owner: '813.0' }) }), AT)
    const adopt: Command = { type: 'AdoptLate', at: AT, attempt: 1, nativeId: NATIVE, ...good } as Command
    const job = jobAfter(...past, ...decide(adopt, jobAfter(...past)))
    expect(job).toMatchObject({
      status: 'running',
      attempt: 1,
      nativeId: '813',
      fencing: null,
      parameters: first.parameters,
      origin: first.origin,
      keeping: first.keeping,
      past: [],
      end: { ending: 'COMPLETED', provedBy: 'sentinel' },
    })
    // what another try of the next attempt has claimed already is not taken back
    expect(decide(adopt, { ...jobAfter(...past), fencing: null })).toEqual([])
    expect(goodEndOf(sight({ end: end({ exitCode: 1 }) }), AT)).toBeNull()
  })
  it('is fenced beside the verdict of a job that fails, which stays', () => {
    const failed = jobAfter(posted, started(1), disproved, { type: 'JobFailed', at: AT, verdict: 'no', evidence })
    expect(failed).toMatchObject({ status: 'failed', fencing: 1 })
    const events = decide(proved, failed)
    expect(events).toEqual([fenced])
    expect(events.reduce(evolve, failed)).toMatchObject({ status: 'failed', verdict: 'no', fencing: null, mayComeLate: false })
  })
})

describe('news', () => {
  it('tells of a post, and of a status that moved', () => {
    const job = jobAfter(posted)
    expect(newsOf(null, [posted], job).map(({ type }) => type)).toEqual(['JobSubmitted'])
    expect(newsOf(job, [started(1)], jobAfter(posted, started(1)))).toMatchObject([
      { type: 'StateChanged', data: { from: 'accepted', to: 'submitting' } },
    ])
  })
  it('is silent where nothing moved', () => {
    const job = jobAfter(posted)
    expect(newsOf(job, [{ type: 'Waited', at: AT, waitingFor: null, nextActionAt: AT }], job)).toEqual([])
  })
})

describe('a silent submission', () => {
  const later = '2026-11-21T10:01:00.000Z'
  const again: Command = { type: 'AwaitAnswer', at: AT, attempt: 1, tryNumber: 1, nextActionAt: later }
  it('is looked up again at its time, and shows since when it waits', () => {
    const job = jobAfter(posted, started(1), ...decide(again, jobAfter(posted, started(1))))
    expect(job).toMatchObject({ nextActionAt: later, waitingFor: { kind: 'SUBMIT_ANSWER', since: AT } })
    const next = jobAfter(posted, started(1), ...decide({ ...again, at: later }, job))
    expect(next.waitingFor).toMatchObject({ kind: 'SUBMIT_ANSWER' })
  })
  it('is waited for no more once an answer is there, or another try began', () => {
    expect(decide(again, jobAfter(posted, started(1), submitted(1)))).toEqual([])
    expect(decide(again, jobAfter(posted, started(2)))).toEqual([])
  })
})

describe('a hold', () => {
  const hold: Command = { type: 'PutOnHold', at: AT, hold: { reason: 'looks odd', by: 'ada', until: null } }
  const inQueue = (held: boolean): Command => ({ type: 'RecordQueueHold', at: AT, attempt: 1, held, evidence })
  const pending = [posted, started(1), submitted(1)]
  it('of a pending job is kept by the scheduler, said once, and taken off again', () => {
    const held = [...pending, ...decide(hold, jobAfter(...pending))]
    const there = [...held, ...decide(inQueue(true), jobAfter(...held))]
    expect(jobAfter(...there)).toMatchObject({ status: 'pending', heldInQueue: true, holds: [{ by: 'ada' }] })
    expect(decide(inQueue(true), jobAfter(...there))).toEqual([])
    const released = [...there, ...decide({ type: 'Release', at: AT, by: 'ada' }, jobAfter(...there))]
    expect(jobAfter(...released)).toMatchObject({ holds: [], heldInQueue: true })
    expect(jobAfter(...released, ...decide(inQueue(false), jobAfter(...released)))).toMatchObject({ heldInQueue: false })
  })
  it('is void once the job runs', () => {
    expect(jobAfter(...pending, ...decide(hold, jobAfter(...pending)), running)).toMatchObject({ status: 'running', holds: [] })
    expect(decide(hold, jobAfter(...pending, running))).toEqual([])
  })
})

describe('a pending job', () => {
  const seen = (waits: 'MAINTENANCE' | null): Command => ({
    type: 'RecordJudgement',
    at: AT,
    attempt: 1,
    judgement: { kind: 'alive', status: 'pending', nativeId: NATIVE, startedAt: null, reason: 'said', waits, evidence },
  })
  it('shows what the scheduler lets it wait for, written once, until it does no more', () => {
    const pending = [posted, started(1), submitted(1)]
    const waiting = [...pending, ...decide(seen('MAINTENANCE'), jobAfter(...pending))]
    expect(jobAfter(...waiting).waitingFor).toEqual({
      kind: 'MAINTENANCE',
      because: 'the scheduler lets it wait: said',
      since: AT,
    })
    expect(decide(seen('MAINTENANCE'), jobAfter(...waiting))).toEqual([])
    expect(jobAfter(...waiting, ...decide(seen(null), jobAfter(...waiting))).waitingFor).toBeNull()
  })
  it('that is refused for a quota says so in no other status than the one that was meant', () => {
    const wait: Command = { type: 'Wait', at: AT, during: 'accepted', waitingFor: null, nextActionAt: 'x' }
    expect(decide(wait, jobAfter(posted, started(1)))).toEqual([])
  })
})

describe('a try with an array', () => {
  const batch = { id: BatchId.parse('aaaaaaaa-0000-4000-8000-000000000000'), kind: 'array', index: 3 } as const
  const sent = jobAfter(posted, { ...started(1), batch } as JobEvent)
  const after = (command: Command): Job => decide(command, sent).reduce<Job>(evolve, sent)
  const refused = (reason: 'INVALID' | 'SSH_DOWN') => answer({ kind: 'refused', reason, said: 'no' })

  it('goes on alone where the array was refused for what may be its own fault', () => {
    expect(after(refused('INVALID'))).toMatchObject({ status: 'accepted', batch: null, alone: true, nextActionAt: AT })
  })

  it('may go with the next array where nothing was said about this one', () => {
    expect(after(refused('SSH_DOWN'))).toMatchObject({ status: 'accepted', batch: null, alone: false })
  })

  it('is remembered with the attempt', () => {
    const over = jobAfter(posted, { ...started(1), batch } as JobEvent, submitted(1), running, endObserved(), attemptEnded)
    const retried = decide({ type: 'Retry', at: AT, by: 'ada', changes: [] }, { ...over, status: 'failed' }).reduce<Job>(
      evolve,
      over,
    )
    expect(retried).toMatchObject({ attempt: 2, batch: null, past: [{ attempt: 1, batch }] })
  })
})

describe('a member of a pilot', () => {
  const batch = { id: BatchId.parse('aaaaaaaa-0000-4000-8000-000000000000'), kind: 'pilot', index: 3 } as const
  const pending = jobAfter(posted, { ...started(1), batch } as JobEvent, submitted(1))
  const judged = (judgement: Extract<Command, { type: 'RecordJudgement' }>['judgement']): Command => ({
    type: 'RecordJudgement',
    at: AT,
    attempt: 1,
    judgement,
  })
  const back = judged({ kind: 'given-back', batch: batch.id, evidence })
  const fold = (job: Job, ...commands: readonly Command[]): Job =>
    commands.reduce((state, command) => decide(command, state).reduce<Job>(evolve, state), job)

  it('is recalled once, and waits again in the same attempt when it is given back', () => {
    const recalled = fold(pending, judged({ kind: 'recall', evidence }))
    expect(recalled).toMatchObject({ status: 'pending', recalled: true })
    expect(decide(judged({ kind: 'recall', evidence }), recalled)).toEqual([])
    expect(fold(recalled, back)).toMatchObject({
      status: 'accepted',
      attempt: 1,
      batch: null,
      nativeId: null,
      recalled: false,
      nextActionAt: AT,
    })
    expect(fold(recalled, back, back).version).toBe(recalled.version)
  })

  it('is cancelled when it is given back, if somebody wants that', () => {
    expect(fold(pending, cancel, back).status).toBe('cancelled')
  })

  it('that runs is not given back, nor one that went out with another pilot since', () => {
    expect(decide(back, jobAfter(posted, { ...started(1), batch } as JobEvent, submitted(1), running))).toEqual([])
    expect(
      decide(judged({ kind: 'given-back', batch: BatchId.parse('bbbbbbbb-0000-4000-8000-000000000000'), evidence }), pending),
    ).toEqual([])
  })

  it('that failed by its own word needs no fence: its pilot goes on', () => {
    const failed = jobAfter(
      posted,
      { ...started(1), batch } as JobEvent,
      submitted(1),
      running,
      endObserved('sentinel'),
      attemptEnded,
    )
    const derive: Command = {
      type: 'DeriveAttempt',
      at: AT,
      attempt: 1,
      origin: failed.origin,
      structureHash: null,
      parameters: {},
      resources: failed.resources,
    }
    expect(fold(failed, derive)).toMatchObject({ attempt: 2, fencing: null, past: [{ batch }] })
  })
})
