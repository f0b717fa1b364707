import {
  type AccountingRow,
  type AttemptSight,
  BARE_SIGHT,
  ClusterName,
  type EndSentinel,
  type Evidence,
  JobId,
  JobRequest,
  NativeId,
  ProjectId,
  type QueueListing,
  type QueueRow,
  UserId,
} from '@crystalmath/contract'
import type { JobEvent } from './events.ts'

// Samples for this package's own tests.

export const AT = '2026-11-21T10:00:00.000Z'
export const later = (seconds: number): string => new Date(Date.parse(AT) + seconds * 1_000).toISOString()
export const secondsAt = (offset: number): number => Date.parse(AT) / 1_000 + offset

export const ID = JobId.parse('01890a5d-ac96-774b-bcce-b302099a8057')
export const TOKEN = `${ID}.1`
export const NATIVE = NativeId.parse('812')

const { structure: _, ...REQUEST } = JobRequest.parse({ project: 'silicon', cluster: 'alps', code: 'quantum-espresso' })

export const evidence: Evidence = { source: 'claim', at: AT, clock: 'platform', said: 'said' }

export const posted: JobEvent = {
  type: 'JobPosted',
  at: AT,
  id: ID,
  projectId: ProjectId.parse('silicon'),
  userId: UserId.parse('ada'),
  campaignId: null,
  cluster: ClusterName.parse('alps'),
  code: 'quantum-espresso',
  name: 'si',
  request: REQUEST,
  structureHash: null,
}
export const started = (tryNumber: number): JobEvent => ({
  type: 'SubmissionStarted',
  at: AT,
  tryNumber,
  nonce: `n${tryNumber}`,
  keep: ['*.out'],
  parse: '.',
})
export const submitted = (tryNumber: number): JobEvent => ({
  type: 'SubmissionAnswered',
  at: AT,
  tryNumber,
  answer: { kind: 'submitted', nativeId: NATIVE },
  evidence,
})
export const running: JobEvent = { type: 'Seen', at: AT, status: 'running', nativeId: NATIVE, startedAt: AT, evidence }
export const endObserved = (provedBy: 'sentinel' | 'scheduler' | 'absence' = 'sentinel'): JobEvent => ({
  type: 'EndObserved',
  at: AT,
  end: { ending: provedBy === 'absence' ? 'LOST' : 'COMPLETED', exitCode: 0, startedAt: AT, provedBy, evidence, observedAt: AT },
})
export const attemptEnded: JobEvent = { type: 'AttemptEnded', at: AT, files: [], missing: [] }

export const sight = (said: Partial<AttemptSight> = {}, lookedAt = later(100)): AttemptSight => ({
  lookedAt,
  clusterSeconds: Date.parse(lookedAt) / 1_000,
  ...BARE_SIGHT,
  ...said,
})
export const end = (said: Partial<EndSentinel> = {}): EndSentinel => ({
  owner: '812.0',
  atSeconds: secondsAt(50),
  host: 'c1',
  exitCode: 0,
  cause: 'exit',
  files: [],
  ...said,
})

export const listing = (rows: readonly QueueRow[], said: Partial<QueueListing> = {}): QueueListing => ({
  listingId: 'l1',
  begunAt: later(100),
  clusterSeconds: secondsAt(100),
  complete: true,
  trouble: null,
  rows,
  ...said,
})
export const queueRow = (said: Partial<QueueRow> = {}): QueueRow => ({
  nativeId: NATIVE,
  name: TOKEN,
  state: 'running',
  raw: 'RUNNING',
  reason: null,
  submittedSeconds: secondsAt(1),
  startedSeconds: secondsAt(5),
  nodes: 'c1',
  restartCount: 0,
  ending: null,
  ...said,
})
export const accountingRow = (said: Partial<AccountingRow> = {}): AccountingRow => ({
  nativeId: NATIVE,
  name: TOKEN,
  comment: TOKEN,
  raw: 'COMPLETED',
  ending: 'COMPLETED',
  exitCode: 0,
  signal: 0,
  submittedSeconds: secondsAt(1),
  startedSeconds: secondsAt(5),
  endedSeconds: secondsAt(50),
  elapsedSeconds: 45,
  coreCount: 1,
  nodes: 'c1',
  cancelledBy: null,
  reason: null,
  steps: [],
  ...said,
})
