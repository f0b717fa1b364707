import { BatchId, NativeId } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import type { JobEvent } from './events.ts'
import { evolve } from './evolve.ts'
import type { Job } from './job.ts'
import { judge } from './judge.ts'
import type { Observations } from './judging/observations.ts'
import {
  AT,
  accountingRow,
  end,
  later,
  listing,
  posted,
  queueRow,
  running,
  secondsAt,
  sight,
  started,
  submitted,
} from './samples.ts'

const jobAfter = (...events: readonly JobEvent[]): Job => {
  const job = events.reduce<Job | null>(evolve, null)
  if (job === null) throw new TypeError('no events')
  return job
}
const RUNNING = jobAfter(posted, started(1), submitted(1), running)
const BATCH = BatchId.parse('aaaaaaaa-0000-4000-8000-000000000000')
const SILENT = jobAfter(posted, started(1))
const seen = (said: Partial<Observations>): Observations => ({
  at: later(101),
  sight: null,
  queue: null,
  accounting: null,
  hasAccounting: true,
  ...said,
})
const account = (...rows: Parameters<typeof accountingRow>[0][]) => ({
  ...listing([]),
  rows: rows.map((row) => accountingRow(row)),
})

describe('an end by the run itself', () => {
  it('is believed at once with exit code 0', () => {
    expect(judge(RUNNING, seen({ sight: sight({ lockOwner: '812.0', end: end() }) }))).toMatchObject({
      kind: 'ended',
      end: { ending: 'COMPLETED', provedBy: 'sentinel' },
    })
  })
  it('waits for the scheduler where the exit code is not 0', () => {
    expect(judge(RUNNING, seen({ sight: sight({ end: end({ exitCode: 137 }) }) }))).toMatchObject({ kind: 'wait', for: 'cause' })
  })
  it.each([
    [{ raw: 'OUT_OF_MEMORY', ending: 'OUT_OF_MEMORY' } as const, 'OUT_OF_MEMORY'],
    [{ raw: 'TIMEOUT', ending: 'TIMEOUT' } as const, 'TIMEOUT'],
    [{ raw: 'PREEMPTED', ending: 'PREEMPTED' } as const, 'PREEMPTED'],
    [
      {
        raw: 'FAILED',
        ending: 'FAILED',
        steps: [{ name: '0', raw: 'OUT_OF_MEMORY', ending: 'OUT_OF_MEMORY', exitCode: 0, signal: 125, maxRssMebibytes: null }],
      } as const,
      'OUT_OF_MEMORY',
    ],
    [{ raw: 'COMPLETED', ending: 'COMPLETED' } as const, 'FAILED'],
  ])('takes the cause from accounting: %o is %s', (row, ending) => {
    const judgement = judge(
      RUNNING,
      seen({ sight: sight({ end: end({ exitCode: 9 }) }), queue: listing([]), accounting: account(row) }),
    )
    expect(judgement).toMatchObject({ kind: 'ended', end: { ending, provedBy: 'scheduler' } })
  })
  it('calls a run that stopped at the early signal out of time, though it ended with 0', () => {
    const stopped = sight({ end: end({ exitCode: 0, cause: 'early-signal' }) })
    const judgement = judge(RUNNING, seen({ sight: stopped, queue: listing([]), accounting: account({}) }))
    expect(judgement).toMatchObject({ kind: 'ended', end: { ending: 'TIMEOUT', exitCode: 0, provedBy: 'scheduler' } })
  })
  it('takes the cause from the exit code after a minute, and says so', () => {
    const judgement = judge(RUNNING, seen({ at: later(200), sight: sight({ end: end({ exitCode: 2 }) }, later(199)) }))
    expect(judgement).toMatchObject({
      kind: 'ended',
      end: { ending: 'FAILED', provedBy: 'exit-code', evidence: { said: expect.stringContaining('cause from exit code') } },
    })
  })
  it('takes a run that was told to end, of which no scheduler knows, for one that lost its node', () => {
    const terminated = sight({ end: end({ exitCode: 143, cause: 'terminated' }) }, later(199))
    const judgement = judge(RUNNING, seen({ at: later(200), sight: terminated }))
    expect(judgement).toMatchObject({ kind: 'ended', end: { ending: 'NODE_FAILED', provedBy: 'exit-code' } })
  })
  it('does not wait where there is no accounting', () => {
    expect(judge(RUNNING, seen({ hasAccounting: false, sight: sight({ end: end({ exitCode: 2 }) }) }))).toMatchObject({
      kind: 'ended',
      end: { ending: 'FAILED' },
    })
  })
})

describe('an end by the scheduler alone', () => {
  it('is believed for a job that was killed, once a good end cannot be hidden any more', () => {
    const accounting = account({ raw: 'TIMEOUT', ending: 'TIMEOUT' })
    const look = (at: number) => seen({ at: later(900), sight: sight({}, later(at)), accounting, queue: listing([]) })
    expect(judge(RUNNING, look(100))).toMatchObject({ kind: 'wait', for: 'sentinel' })
    expect(judge(RUNNING, look(111))).toMatchObject({ kind: 'ended', end: { ending: 'TIMEOUT', provedBy: 'scheduler' } })
  })
  it('is believed at once for a job that never began', () => {
    const accounting = account({ raw: 'CANCELLED', ending: 'CANCELLED', startedSeconds: null })
    const pending = jobAfter(posted, started(1), submitted(1))
    expect(judge(pending, seen({ sight: sight(), accounting, queue: listing([]) }))).toMatchObject({
      kind: 'ended',
      end: { ending: 'CANCELLED', provedBy: 'scheduler', startedAt: null },
    })
  })
  it('is not believed at once for a job that was seen to run: it was requeued, and may have ended well before', () => {
    const accounting = account({ raw: 'CANCELLED', ending: 'CANCELLED', startedSeconds: null })
    const look = (at: number) => seen({ at: later(900), sight: sight({}, later(at)), accounting, queue: listing([]) })
    expect(judge(RUNNING, look(100))).toMatchObject({ kind: 'wait', for: 'sentinel' })
    expect(judge(RUNNING, look(111))).toMatchObject({ kind: 'ended', end: { ending: 'CANCELLED' } })
  })
  it.each([
    ['a node that could not launch it', {}, {}, 'NODE_FAILED'],
    ['an administrator, while it ran', {}, { lockOwner: '812.0' }, 'CANCELLED'],
    ['an administrator, while it waited', { nodes: null, startedSeconds: null }, {}, 'CANCELLED'],
    ['its own account', { cancelledBy: '1013', raw: 'CANCELLED by 1013' }, {}, 'CANCELLED'],
    ['us', {}, { cancelFile: true }, 'CANCELLED'],
  ] as const)('tells who cancelled it: %s', (_, row, folder, ending) => {
    const accounting = account({ raw: 'CANCELLED by 0', ending: 'CANCELLED', cancelledBy: '0', ...row })
    const judgement = judge(RUNNING, seen({ at: later(900), sight: sight(folder, later(899)), queue: listing([]), accounting }))
    expect(judgement).toMatchObject({ kind: 'ended', end: { ending, provedBy: 'scheduler' } })
  })
  it('waits from when it was first said to be over, where only the queue says so', () => {
    const over = listing([queueRow({ state: 'ended', raw: 'FAILED', ending: 'FAILED' })])
    const look = (at: number) => seen({ at: later(at), sight: sight({}, later(at)), queue: over, hasAccounting: false })
    // last seen long ago, for nothing changed since
    expect(judge({ ...RUNNING, lastSeenAt: AT }, look(5_000))).toMatchObject({ kind: 'wait', for: 'sentinel' })
    const waiting = { ...RUNNING, waitingFor: { kind: 'OUTPUTS', because: 'said', since: later(5_000) } } as const
    expect(judge(waiting, look(5_059))).toMatchObject({ kind: 'wait' })
    expect(judge(waiting, look(5_061))).toMatchObject({ kind: 'ended', end: { ending: 'FAILED' } })
  })
  it('waits for a sentinel that a slow file system may hide', () => {
    expect(judge(RUNNING, seen({ sight: sight(), queue: listing([]), accounting: account({}) }))).toMatchObject({
      kind: 'wait',
      for: 'sentinel',
    })
  })
  it('never calls a run completed that did not say so itself', () => {
    const judgement = judge(
      RUNNING,
      seen({ at: later(500), sight: sight({}, later(499)), queue: listing([]), accounting: account({}) }),
    )
    expect(judgement).toMatchObject({
      kind: 'ended',
      end: { ending: 'FAILED', evidence: { said: expect.stringContaining('no end sentinel') } },
    })
  })
  it('does not believe accounting, which tells of an end when it begins, while no whole listing lets go of the job', () => {
    const accounting = account({ raw: 'PREEMPTED', ending: 'PREEMPTED' })
    const looks = [null, listing([], { complete: false })].map((queue) =>
      seen({ at: later(500), sight: sight(), queue, accounting }),
    )
    for (const look of looks) expect(judge(RUNNING, look).kind).not.toBe('ended')
  })
  it('does not believe accounting while the queue still shows the job', () => {
    const judgement = judge(
      RUNNING,
      seen({
        sight: sight(),
        queue: listing([queueRow({ state: 'completing', raw: 'COMPLETING' })]),
        accounting: account({ raw: 'FAILED', ending: 'FAILED' }),
      }),
    )
    expect(judgement).toMatchObject({ kind: 'alive', status: 'running' })
  })
  it('does not take the record of an older job with the same id', () => {
    const old = account({ name: 'somebody-else', raw: 'COMPLETED' })
    expect(judge(RUNNING, seen({ sight: sight(), accounting: old, queue: listing([]) })).kind).not.toBe('ended')
    const sameNameButOld = account({ submittedSeconds: secondsAt(-86_400), raw: 'FAILED', ending: 'FAILED' })
    expect(judge(RUNNING, seen({ sight: sight(), accounting: sameNameButOld, queue: listing([]) })).kind).not.toBe('ended')
  })
  it('calls a requeued run a failed node, because it found a lock', () => {
    const judgement = judge(
      RUNNING,
      seen({
        at: later(500),
        sight: sight({ lockOwner: '812.0', requeued: ['812.1'] }, later(499)),
        accounting: account({ raw: 'FAILED', ending: 'FAILED', exitCode: 76 }),
        queue: listing([]),
      }),
    )
    expect(judgement).toMatchObject({ kind: 'ended', end: { ending: 'NODE_FAILED' } })
  })
  it('calls a run that a requeue told to end a failed node, whatever becomes of its second start', () => {
    const terminated = end({ owner: '812.0', exitCode: 143, cause: 'terminated' })
    const judgement = judge(
      RUNNING,
      seen({
        at: later(500),
        sight: sight({ lockOwner: '812.0', end: terminated, requeued: ['812.1'] }, later(499)),
        accounting: account({ raw: 'FAILED', ending: 'FAILED', exitCode: 76 }),
        queue: listing([]),
      }),
    )
    expect(judgement).toMatchObject({ kind: 'ended', end: { ending: 'NODE_FAILED', provedBy: 'scheduler' } })
  })
  it('knows a second start by the code that it ended with, where what it wrote is not visible yet', () => {
    const terminated = end({ owner: '812.0', exitCode: 143, cause: 'terminated' })
    const accounting = account({ raw: 'FAILED', ending: 'FAILED', exitCode: 76 })
    const look = seen({ at: later(500), sight: sight({ end: terminated }, later(499)), accounting, queue: listing([]) })
    expect(judge(RUNNING, look)).toMatchObject({ kind: 'ended', end: { ending: 'NODE_FAILED', provedBy: 'scheduler' } })
  })
  it('waits for what a second start wrote before it calls a run failed that was told to end', () => {
    const terminated = end({ owner: '812.0', exitCode: 143, cause: 'terminated' })
    const queue = listing([queueRow({ state: 'ended', raw: 'FAILED', ending: 'FAILED' })])
    const look = (at: number, requeued: readonly string[] = []) =>
      seen({ at: later(at), sight: sight({ end: terminated, requeued }, later(at - 1)), queue })
    const waiting = judge(RUNNING, look(500))
    expect(waiting).toMatchObject({ kind: 'wait', for: 'sentinel', because: expect.stringContaining('begun once more') })
    expect(judge(RUNNING, look(500, ['812.1']))).toMatchObject({ kind: 'ended', end: { ending: 'NODE_FAILED' } })
    const waited = {
      ...RUNNING,
      waitingFor: { kind: 'OUTPUTS' as const, because: 'it waits', since: later(500), until: later(560) },
    }
    expect(judge(waited, look(562))).toMatchObject({ kind: 'ended', end: { ending: 'FAILED' } })
  })
  it('does not take a duplicate for the attempt', () => {
    const judgement = judge(
      RUNNING,
      seen({
        sight: sight({ lockOwner: '812.0', duplicates: ['813.0'] }),
        accounting: account({ nativeId: NativeId.parse('813'), raw: 'FAILED', ending: 'FAILED', exitCode: 75 }),
        queue: listing([]),
      }),
    )
    expect(judgement.kind).not.toBe('ended')
  })
})

describe('a job that runs for long', () => {
  it('is alive as long as the queue shows it, whatever it has not written for how long', () => {
    const month = 30 * 86_400
    const look = seen({ at: later(month), queue: listing([queueRow()], { begunAt: later(month - 1) }) })
    expect(judge({ ...RUNNING, lastSeenAt: AT }, look)).toMatchObject({ kind: 'alive', status: 'running' })
  })
})

describe('absence', () => {
  const gone = (id: string, at: number) => seen({ at: later(at), queue: listing([], { listingId: id, begunAt: later(at - 1) }) })
  it('proves nothing in a failed, torn or old listing', () => {
    expect(judge(RUNNING, seen({ queue: listing([], { complete: false }) }))).toEqual({ kind: 'nothing' })
    expect(judge(RUNNING, seen({ queue: listing([], { begunAt: later(-1) }) }))).toEqual({ kind: 'nothing' })
  })
  it('counts once per listing', () => {
    expect(judge(RUNNING, gone('a', 100))).toEqual({ kind: 'missed', listingId: 'a' })
    expect(judge({ ...RUNNING, absences: ['a'] }, gone('a', 100))).toEqual({ kind: 'nothing' })
  })
  it('counts its grace from the first miss, not from when a change was last written down', () => {
    const missed = { ...RUNNING, absences: ['a', 'b'], missingSince: later(5_000) }
    const look = (at: number) => ({ ...gone('c', at), sight: sight(), accounting: account() })
    expect(judge(missed, look(5_030))).toEqual({ kind: 'missed', listingId: 'c' })
    expect(judge(missed, look(5_061))).toMatchObject({ kind: 'ended' })
  })
  it('is a loss only after three listings, a grace, a look into the folder and accounting', () => {
    const missed = { ...RUNNING, absences: ['a', 'b'], missingSince: AT }
    expect(judge(missed, gone('c', 30))).toEqual({ kind: 'missed', listingId: 'c' })
    expect(judge(missed, gone('c', 100))).toEqual({ kind: 'nothing' })
    expect(judge(missed, { ...gone('c', 100), sight: sight() })).toMatchObject({ kind: 'wait', for: 'accounting' })
    expect(judge(missed, { ...gone('c', 100), sight: sight(), accounting: account() })).toMatchObject({
      kind: 'ended',
      end: { ending: 'LOST', provedBy: 'absence' },
    })
  })
})

describe('a silent submission', () => {
  it('is found in the queue by name', () => {
    expect(judge(SILENT, seen({ queue: listing([queueRow({ state: 'pending', raw: 'PENDING' })]) }))).toMatchObject({
      kind: 'alive',
      status: 'pending',
      nativeId: '812',
    })
  })
  it('is disproved only by an old claim and two complete listings', () => {
    const old = sight({ claims: [{ tryNumber: 1, ageSeconds: 181, said: null, refused: null }] })
    const young = sight({ claims: [{ tryNumber: 1, ageSeconds: 179, said: null, refused: null }] })
    const look = (s: typeof old, id: string) =>
      seen({ at: later(300), sight: s, queue: listing([], { listingId: id, begunAt: later(299) }), accounting: account() })
    expect(judge(SILENT, look(young, 'b'))).toEqual({ kind: 'nothing' })
    expect(judge(SILENT, look(old, 'a'))).toEqual({ kind: 'missed', listingId: 'a' })
    expect(judge({ ...SILENT, absences: ['a'] }, look(old, 'b'))).toMatchObject({ kind: 'never-submitted' })
  })
  it('is not disproved where nobody claimed it: somebody still may', () => {
    const look = seen({ at: later(9_000), sight: sight(), queue: listing([], { begunAt: later(8_999) }), accounting: account() })
    expect(judge({ ...SILENT, absences: ['a', 'b'] }, look)).toEqual({ kind: 'nothing' })
  })
  it('was submitted if accounting has a record of it, even one that never ends', () => {
    const old = sight({ claims: [{ tryNumber: 1, ageSeconds: 500, said: null, refused: null }] })
    const accounting = account({ raw: 'PENDING', ending: null, startedSeconds: null, endedSeconds: null })
    const look = seen({ at: later(900), sight: old, queue: listing([], { begunAt: later(899) }), accounting })
    expect(judge({ ...SILENT, absences: ['a', 'b'] }, look)).toMatchObject({ kind: 'alive', status: 'pending', nativeId: '812' })
  })
  it('was submitted if the folder shows a lock', () => {
    const begun = sight({ claims: [{ tryNumber: 1, ageSeconds: 500, said: null, refused: null }], lockOwner: '812.0' })
    expect(
      judge(
        { ...SILENT, absences: ['a', 'b'] },
        seen({ at: later(900), sight: begun, queue: listing([], { begunAt: later(899) }), accounting: account() }),
      ),
    ).toMatchObject({ kind: 'alive', status: 'running', nativeId: '812' })
  })
})

describe('a member of an array', () => {
  const batch = { id: BATCH, kind: 'array', index: 3 } as const
  const name = `${BATCH}.1`
  const member = (said: Parameters<typeof queueRow>[0] = {}) => queueRow({ name, nativeId: NativeId.parse('900_3'), ...said })
  const silent = jobAfter(posted, { ...started(1), batch } as JobEvent)
  const neighbour = member({ nativeId: NativeId.parse('900_13'), state: 'ended', raw: 'FAILED', ending: 'FAILED' })

  it('is its own row of the array, and no neighbour`s', () => {
    expect(judge(silent, seen({ queue: listing([neighbour, member()]) }))).toMatchObject({ kind: 'alive', nativeId: '900_3' })
    expect(judge(silent, seen({ queue: listing([neighbour]) }))).toEqual({ kind: 'nothing' })
  })

  it('was left out, where the array was submitted and brought none of its inputs', () => {
    const nativeId = NativeId.parse('900_3')
    expect(judge(silent, seen({ sight: sight({ nativeId, broughtBy: [] }) }))).toMatchObject({
      kind: 'never-submitted',
      tryNumber: 1,
    })
    expect(judge(silent, seen({ sight: sight({ nativeId, broughtBy: [name] }) }))).toMatchObject({ kind: 'alive', nativeId })
  })

  it('was left out, where the array was claimed long ago without it, whatever became of that array', () => {
    const claimed = (ageSeconds: number, broughtBy: readonly string[] = []) => {
      const claims = [{ tryNumber: 1, ageSeconds, said: null, refused: null }]
      return seen({ sight: sight({ claims, broughtBy }), queue: listing([neighbour]), accounting: account() })
    }
    expect(judge(silent, claimed(181))).toMatchObject({ kind: 'never-submitted', tryNumber: 1 })
    expect(judge(silent, claimed(179))).toEqual({ kind: 'nothing' })
    expect(judge(silent, claimed(181, [name]))).toEqual({ kind: 'nothing' })
  })

  it('is not disproved while a row of any member bears the name', () => {
    const claims = [{ tryNumber: 1, ageSeconds: 500, said: null, refused: null }]
    const missed = jobAfter(posted, { ...started(3), batch } as JobEvent, { type: 'Missed', at: AT, listingId: 'l0' })
    const quiet = seen({ sight: sight({ claims, broughtBy: [name] }), queue: listing([]), accounting: account() })
    expect(judge(missed, quiet)).toMatchObject({ kind: 'never-submitted', tryNumber: 3 })
    expect(judge(missed, { ...quiet, queue: listing([neighbour]) })).toEqual({ kind: 'nothing' })
    expect(judge(missed, { ...quiet, accounting: account({ name, nativeId: neighbour.nativeId }) })).toEqual({ kind: 'nothing' })
  })
})

describe('a member of a pilot', () => {
  const batch = { id: BATCH, kind: 'pilot', index: 3 } as const
  const name = `${BATCH}.1`
  const sent = [posted, { ...started(1), batch } as JobEvent, submitted(1)]
  const pending = jobAfter(...sent)
  const begun = jobAfter(...sent, running)
  const flying = listing([queueRow({ name })])
  const over = (ending: 'COMPLETED' | 'PREEMPTED' | 'CANCELLED' | 'TIMEOUT') => ({
    queue: listing([queueRow({ name, state: 'ended', raw: ending, ending })]),
    accounting: account({ name, ending, raw: ending, endedSeconds: secondsAt(30) }),
  })
  const lock = { lockOwner: '812.0' }
  const start = { owner: '812.0', atSeconds: secondsAt(10), host: 'c1' }

  it('pends while its pilot runs, until it has begun itself', () => {
    expect(judge(pending, seen({ sight: sight(), queue: flying }))).toMatchObject({ kind: 'alive', status: 'pending' })
    const sawStart = seen({ sight: sight({ ...lock, start }), queue: flying })
    expect(judge(pending, sawStart)).toMatchObject({ kind: 'alive', status: 'running' })
  })

  it.each([
    ['exit', 1, 'FAILED', 'sentinel'],
    ['killed', 137, 'FAILED', 'sentinel'],
    ['timeout', 143, 'TIMEOUT', 'exit-code'],
  ] as const)('that ended by %s is believed while its pilot goes on', (cause, exitCode, ending, provedBy) => {
    const judgement = judge(begun, seen({ sight: sight({ ...lock, end: end({ cause, exitCode }) }), queue: flying }))
    expect(judgement).toMatchObject({ kind: 'ended', end: { ending, provedBy } })
  })

  it('that was told to end with its pilot waits for the word on that, and did nothing wrong', () => {
    const told = sight({ ...lock, start, end: end({ cause: 'terminated', exitCode: 143 }) })
    expect(judge(begun, seen({ sight: told, queue: flying, at: later(60) }))).toMatchObject({ kind: 'wait' })
    const cases = [
      ['PREEMPTED', 'PREEMPTED'],
      ['CANCELLED', 'NODE_FAILED'],
      ['TIMEOUT', 'NODE_FAILED'],
      ['COMPLETED', 'NODE_FAILED'],
    ] as const
    for (const [word, ending] of cases)
      expect(judge(begun, seen({ sight: told, ...over(word) }))).toMatchObject({ kind: 'ended', end: { ending } })
  })

  it('of an earlier try, whose pilot came late, was begun by it, and was fenced with it, did nothing wrong either', () => {
    const alone = { ...jobAfter(posted, started(1), submitted(1), running), lateBatches: [batch] }
    const told = sight({ ...lock, start, end: end({ cause: 'terminated', exitCode: 143 }) })
    expect(judge(alone, seen({ sight: told, ...over('CANCELLED') }))).toMatchObject({ end: { ending: 'NODE_FAILED' } })
    const silent = seen({ sight: sight({ ...lock, start }), ...over('CANCELLED'), at: later(600) })
    expect(judge(alone, silent)).toMatchObject({ end: { ending: 'NODE_FAILED' } })
  })

  it('that had not begun is recalled when its pilot is over, and given back once its ticket is withdrawn', () => {
    expect(judge(pending, seen({ sight: sight(), ...over('COMPLETED') }))).toMatchObject({ kind: 'recall' })
    expect(judge(pending, seen({ sight: sight({ ticket: 'withdrawn' }), ...over('COMPLETED') }))).toMatchObject({
      kind: 'given-back',
    })
    expect(judge(pending, seen({ sight: sight({ ticket: 'withdrawn' }), queue: flying }))).toMatchObject({ kind: 'given-back' })
  })

  it('that its lost pilot had taken is never given back: it may have begun', () => {
    const taken = seen({ sight: sight({ ticket: '812.0' }), ...over('PREEMPTED') })
    expect(judge(pending, taken)).toMatchObject({ kind: 'ended', end: { ending: 'PREEMPTED', provedBy: 'scheduler' } })
    expect(judge(begun, seen({ sight: sight({ ...lock, start, ticket: '812.0' }), ...over('CANCELLED') }))).toMatchObject({
      kind: 'ended',
      end: { ending: 'NODE_FAILED' },
    })
  })
})

describe('a member that is fed to a pilot that lives', () => {
  const pilot = BatchId.parse('cccccccc-0000-4000-8000-000000000000')
  const batch = { id: BATCH, kind: 'pilot', index: 0, into: pilot } as const
  const name = `${pilot}.1`
  const silent = jobAfter(posted, { ...started(1), batch } as JobEvent)
  const pending = jobAfter(posted, { ...started(1), batch } as JobEvent, submitted(1))
  // submitted long before the member was
  const flying = listing([queueRow({ name, submittedSeconds: secondsAt(-7_000) })])
  const claims = (ageSeconds: number) => [{ tryNumber: 1, ageSeconds, said: null, refused: null }]
  const brought = { broughtBy: [`${BATCH}.1`] }

  it('is not there because its pilot is: the feed itself has to say so', () => {
    expect(judge(silent, seen({ sight: sight(), queue: flying }))).toEqual({ kind: 'nothing' })
    expect(judge(silent, seen({ sight: null, queue: flying }))).toEqual({ kind: 'nothing' })
    const fed = sight({ ...brought, nativeId: NativeId.parse('812'), claims: claims(1) })
    expect(judge(silent, seen({ sight: fed, queue: flying }))).toMatchObject({ kind: 'alive', status: 'pending' })
  })

  it('is recalled once no claim can be at work any more, not before, and not while nobody has claimed it', () => {
    const quiet = (ageSeconds: number) => seen({ sight: sight({ ...brought, claims: claims(ageSeconds) }), queue: flying })
    expect(judge(silent, quiet(179))).toEqual({ kind: 'nothing' })
    expect(judge(silent, quiet(181))).toMatchObject({ kind: 'recall' })
    expect(judge(silent, seen({ sight: sight(), queue: listing([]), accounting: account() }))).toEqual({ kind: 'nothing' })
    const withdrawn = sight({ ...brought, claims: claims(181), ticket: 'withdrawn' })
    expect(judge(silent, seen({ sight: withdrawn, queue: flying }))).toMatchObject({ kind: 'given-back', batch: BATCH })
  })

  it('ends with the pilot that took its ticket, though nobody has confirmed the feed', () => {
    const taken = sight({ ...brought, claims: claims(20), ticket: '812.0' })
    expect(judge(silent, seen({ sight: taken, queue: flying }))).toMatchObject({ kind: 'alive', status: 'pending' })
    const row = { name, submittedSeconds: secondsAt(-7_000), raw: 'PREEMPTED', ending: 'PREEMPTED' } as const
    const over = seen({ sight: taken, queue: listing([]), accounting: account(row) })
    const because = expect.stringContaining('the scheduler says PREEMPTED')
    expect(judge(silent, over)).toMatchObject({ kind: 'wait', for: 'sentinel', because })
  })

  it('tried again by itself, is not over because the pilot is that it was once to be fed to, unless that one began it', () => {
    const again = { ...SILENT, lateBatches: [batch] }
    const row = { name, submittedSeconds: secondsAt(-7_000), raw: 'NODE_FAIL', ending: 'NODE_FAILED' } as const
    const over = (lockOwner: string | null) =>
      seen({ sight: sight({ claims: claims(4), lockOwner }), queue: listing([]), accounting: account(row) })
    expect(judge(again, over(null))).toEqual({ kind: 'nothing' })
    const because = expect.stringContaining('the scheduler says NODE_FAILED')
    expect(judge(again, over('812.0'))).toMatchObject({ kind: 'wait', for: 'sentinel', because })
  })

  it('was left out, where another`s feed of the same name was confirmed', () => {
    const other = sight({ nativeId: NativeId.parse('812'), claims: claims(1), broughtBy: [name] })
    expect(judge(silent, seen({ sight: other, queue: flying }))).toMatchObject({ kind: 'never-submitted' })
  })

  it('is seen in the row of its pilot, however long that was there before, and ends with it', () => {
    expect(judge(pending, seen({ sight: sight(brought), queue: flying }))).toMatchObject({ kind: 'alive', status: 'pending' })
    const ended = { name, submittedSeconds: secondsAt(-7_000), state: 'ended', raw: 'COMPLETED', ending: 'COMPLETED' } as const
    expect(judge(pending, seen({ sight: sight(brought), queue: listing([queueRow(ended)]) }))).toMatchObject({ kind: 'recall' })
  })

  it('is recalled as soon as its pilot says that it begins nobody any more, unless it was taken', () => {
    const closed = (ticket: string | null) => seen({ sight: sight({ ...brought, pilotClosed: true, ticket }), queue: flying })
    expect(judge(pending, closed(null))).toMatchObject({ kind: 'recall' })
    expect(judge(pending, closed('812.0'))).toMatchObject({ kind: 'alive', status: 'pending' })
  })
})
