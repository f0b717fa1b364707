import { CampaignId, type CampaignView, JobId, JobRequest, NativeId, type Status, UserId } from '@crystalmath/contract'
import { decide, evolve, type Job, type JobEvent } from '@crystalmath/job'
import { campaignsOf, type JobDocument, type Store } from '@crystalmath/store'
import { CLUSTER, PROJECT, USER } from './ground.ts'

const PER_INSERT = 2_000
/** Jobs of one campaign. */
const PER_CAMPAIGN = 20_000

const { structure: _, ...REQUEST } = JobRequest.parse({
  ...{ project: PROJECT, cluster: CLUSTER, code: 'orca', labels: { orig_index: '1' } },
  parameters: { calculation: 'optimization', method: 'PBE', basis: 'def2-SVP' },
  resources: { ranks: 4, walltimeSeconds: 3_600 },
})

export const campaignIdOf = (index: number): CampaignId =>
  CampaignId.parse(`0f6a4be3-93f0-5a0e-8a58-${index.toString(16).padStart(12, '0')}`)
export const jobIdOf = (kind: number, index: number): JobId =>
  JobId.parse(`019300${kind.toString(16).padStart(2, '0')}-0000-7000-8000-${index.toString(16).padStart(12, '0')}`)

const timeOf = (index: number): string => new Date(Date.parse('2026-01-01T00:00:00Z') + index * 10_000).toISOString()
const campaignOf = (kind: number, index: number): CampaignId => campaignIdOf(kind * 1_000 + Math.floor(index / PER_CAMPAIGN))

const evidence = (at: string) => ({ source: 'sentinel', at, clock: 'cluster', said: 'exit 0 by 812.0 on c1' }) as const

/** A job as it is stored after its whole way, or while it is in the queue. */
export function jobDocument(
  kind: number,
  index: number,
  status: Extract<Status, 'completed' | 'failed' | 'running' | 'ended'>,
  code: 'orca' | 'vasp' = 'orca',
): JobDocument {
  const at = timeOf(index)
  const nativeId = NativeId.parse(String(index + 1))
  const end = { ending: status === 'failed' ? 'FAILED' : 'COMPLETED', exitCode: 0, startedAt: at, provedBy: 'sentinel' } as const
  const id = jobIdOf(kind, index)
  const campaignId = campaignOf(kind, index)
  const facts = { projectId: PROJECT, userId: UserId.parse(USER), campaignId, cluster: CLUSTER, code } as const
  const posted = decide(
    {
      type: 'PostJob',
      at,
      posted: { id, ...facts, name: `complex ${index}`, request: { ...REQUEST, code }, structureHash: null },
    },
    null,
  )
  const events: readonly JobEvent[] = [
    ...posted,
    { type: 'SubmissionStarted', at, tryNumber: 1, nonce: 'a1b2c3d4e5f6', keep: ['*.out', '*.xyz'], parse: '.' },
    { type: 'SubmissionAnswered', at, tryNumber: 1, answer: { kind: 'submitted', nativeId }, evidence: evidence(at) },
    { type: 'Seen', at, status: 'running', nativeId, startedAt: at, evidence: evidence(at) },
    ...(status === 'running' ? [] : ending(at, end)),
    ...(status === 'completed' || status === 'failed' ? verdict(at, status) : []),
  ]
  const job = events.reduce<Job | null>(evolve, null)
  if (job === null) throw new TypeError('a posted job is there')
  const { id: _id, ...rest } = job
  return { ...rest, _id, version: events.length, events, eventCount: events.length }
}

const ending = (at: string, end: object): readonly JobEvent[] => [
  { type: 'EndObserved', at, end: { ...end, evidence: evidence(at), observedAt: at } as never },
  { type: 'AttemptEnded', at, files: [{ path: 'orca.out', size: 100_000 }], missing: [] },
]

const verdict = (at: string, status: 'completed' | 'failed'): readonly JobEvent[] => [
  {
    ...{ type: 'OutputParsed', at, resultId: 'r' },
    summary: {
      ...{ energyEv: -100, energyKind: 'total', maxForceEvPerAngstrom: 0.01, electronicConverged: true, ionicConverged: true },
      ...{ ionicStepCount: 12, scfStepCount: 150, wallSeconds: 800, coreCount: 4, formula: 'FeC12H12' },
    },
  },
  status === 'completed'
    ? { type: 'JobCompleted', at, evidence: evidence(at) }
    : { type: 'JobFailed', at, verdict: 'the SCF did not converge', evidence: evidence(at) },
]

/** Jobs that are over, every twentieth failed: alike but for what they are found by, for a million histories take minutes to make. */
function finished(kind: number): (index: number) => JobDocument {
  const [completed, failed] = [jobDocument(kind, 0, 'completed'), jobDocument(kind, 0, 'failed')]
  return (index) => {
    const at = timeOf(index)
    const own = {
      _id: jobIdOf(kind, index),
      name: `complex ${index}`,
      campaignId: campaignOf(kind, index),
      createdAt: at,
      updatedAt: at,
    }
    return { ...(index % 20 === 19 ? failed : completed), ...own }
  }
}

/** Writes under way at once: while the server stores some, the next are made. */
const LANES = 3

/** Jobs of one kind, running or over, with their campaigns. */
export async function fill(store: Store, kind: number, from: number, to: number, isLive: boolean): Promise<void> {
  const jobs = store.db.collection<JobDocument>('jobs')
  const make = isLive ? (index: number) => jobDocument(kind, index, 'running') : finished(kind)
  const underWay = new Set<Promise<unknown>>()
  for (let at = from; at < to; at += PER_INSERT) {
    const documents = Array.from({ length: Math.min(PER_INSERT, to - at) }, (_, i) => make(at + i))
    const write: Promise<unknown> = jobs
      .insertMany(documents, { ordered: false, writeConcern: { w: 1, journal: false } })
      .finally(() => underWay.delete(write))
    underWay.add(write)
    if (underWay.size >= LANES) await Promise.race(underWay)
  }
  await Promise.all(underWay)
  for (let campaign = Math.floor(from / PER_CAMPAIGN); campaign * PER_CAMPAIGN < to; campaign += 1) {
    const _id = campaignIdOf(kind * 1_000 + campaign)
    const facts: Omit<CampaignView, 'id' | 'total' | 'byStatus' | 'words'> = {
      ...{ name: `campaign ${campaign}`, project: PROJECT, user: USER, code: 'orca', cluster: CLUSTER },
      ...{ createdAt: new Date(Date.parse('2026-01-01T00:00:00Z') + campaign * 86_400_000).toISOString(), state: 'open' },
      ...{ held: null, maxInFlight: 500, duplicates: 'run', rows: PER_CAMPAIGN, columns: [] },
    }
    await campaignsOf(store.db).updateOne(
      { _id },
      { $setOnInsert: { ...facts, head: {}, bodyHash: null, touchedAt: facts.createdAt, report: {} } as never },
      { upsert: true },
    )
  }
}
