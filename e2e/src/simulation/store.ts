import {
  BUDGET_MOST,
  type CalculationResult,
  type ClusterView,
  type CrystalEvent,
  carrierOf,
  type JobId,
  type Structure,
  type Token,
} from '@crystalmath/contract'
import { type Command, decide, evolve, isSubmittable, type Job, type JobEvent, newsOf } from '@crystalmath/job'
import type { Batch, JobsPort } from '@crystalmath/store'
import { resultIn } from '@crystalmath/store/packed'
import type { Process, World } from './world.ts'

type News = { readonly type: CrystalEvent['type']; readonly job: Job }

/** What is stored; it survives every process. */
export type Database = {
  readonly jobs: Map<JobId, Job>
  readonly events: Map<JobId, readonly JobEvent[]>
  readonly results: Map<string, CalculationResult>
  readonly outputs: Map<Token, true>
  readonly batches: Map<string, Batch>
  cluster: ClusterView
  /** Told of every write that has news. */
  onNews: (news: News) => void
}

export const emptyDatabase = (cluster: ClusterView): Database => ({
  jobs: new Map(),
  events: new Map(),
  results: new Map(),
  outputs: new Map(),
  batches: new Map(),
  cluster,
  onNews: () => undefined,
})

const LIVE = ['submitting', 'pending', 'running']
const isLive = ({ status, end }: Job): boolean => LIVE.includes(status) && end === null

/** The store as one process sees it: the same versions, the same decider, an await before and after each write. */
export function jobsPortOf(world: World, database: Database, process: Process): JobsPort {
  const { chance } = world
  const all = () => [...database.jobs.values()]
  /** Most questions are answered at once, some let others go first. */
  const ask = async <T>(name: string, answer: () => T): Promise<T> => {
    await world.faultPoint(process, name)
    if (chance.happens(0.25)) await world.sleep(process, chance.between(1, 200))
    return answer()
  }
  const write = async <T>(name: string, change: () => T): Promise<T> => {
    await world.faultPoint(process, `before ${name}`)
    await world.sleep(process, chance.between(1, 50))
    const changed = change()
    await world.faultPoint(process, `after ${name}`)
    return changed
  }
  const where = (name: string, is: (job: Job) => boolean) => ask(name, () => all().filter(is))

  const tell = async (jobId: JobId, command: Command): Promise<Job | null> => {
    for (;;) {
      const before = await ask('load', () => database.jobs.get(jobId) ?? null)
      if (before === null) return null
      const events = brokenDecide(world, command, before)
      if (events.length === 0) return before
      const after = { ...events.reduce<Job>(evolve, before), version: before.version + 1 }
      const isWritten = await write(command.type, () => {
        if (database.jobs.get(jobId)?.version !== before.version && !world.broken.has('ignoresTheVersion')) return false
        commit(world, database, process, before, events, after)
        return true
      })
      if (isWritten) return after
    }
  }

  return {
    tell,
    async tellMany(told) {
      const jobs = new Map<JobId, Job>()
      for (const { jobId, command } of told) {
        const job = await tell(jobId, command)
        if (job !== null) jobs.set(jobId, job)
      }
      return jobs
    },
    createBatch: (batch) => write('createBatch', () => void database.batches.set(batch.id, batch)),
    findBatch: (id) => ask('findBatch', () => database.batches.get(id) ?? null),
    findUnansweredMembers: (id) => where('findMembers', ({ status, batch }) => status === 'submitting' && batch?.id === id),
    findLivingPilots: async () => {
      const members = await where('findLivingPilots', (job) => job.batch?.kind === 'pilot' && isLive(job))
      const byPilot = Map.groupBy(members, ({ batch }) => batch?.into ?? batch?.id)
      return [...byPilot].flatMap(([id, some]) => {
        const began = some.flatMap(({ startedAt }) => startedAt ?? []).toSorted()
        return id === undefined ? [] : [{ id, live: some.length, firstStartedAt: began[0] ?? null }]
      })
    },
    findOpenHandPilots: () => ask('findOpenHandPilots', () => []),
    saveHandPilotSight: () => write('saveHandPilotSight', () => undefined),
    findJob: (jobId) => ask('findJob', () => database.jobs.get(jobId) ?? null),
    findJobs: (ids) => where('findJobs', ({ id }) => ids.includes(id)),
    findJobEvents: (jobId) => ask('findJobEvents', () => database.events.get(jobId) ?? []),
    findSubmittable: (_cluster, now, limit) =>
      where('findSubmittable', (job) => maySubmit(world, job) && job.nextActionAt !== null && job.nextActionAt <= now).then(
        (found) => found.slice(0, limit),
      ),
    findUnanswered: (_cluster, { claimedBefore, now }) =>
      where(
        'findUnanswered',
        ({ status, claimedAt, nextActionAt }) =>
          status === 'submitting' &&
          claimedAt !== null &&
          claimedAt <= claimedBefore &&
          (nextActionAt === null || nextActionAt <= now),
      ),
    findCancelling: () =>
      where(
        'findCancelling',
        ({ status, cancelRequested, end }) => ['accepted', ...LIVE].includes(status) && cancelRequested !== null && end === null,
      ),
    findRecalling: () =>
      where(
        'findRecalling',
        ({ status, end, batch, recalled = false, cancelRequested, holds }) =>
          (status === 'pending' || status === 'submitting') &&
          batch?.kind === 'pilot' &&
          end === null &&
          (recalled || cancelRequested !== null || holds.length > 0),
      ),
    findHolding: () =>
      where(
        'findHolding',
        ({ status, end, cancelRequested, holds, batch, heldInQueue = false }) =>
          status === 'pending' &&
          batch?.kind !== 'pilot' &&
          end === null &&
          cancelRequested === null &&
          holds.length > 0 !== heldInQueue,
      ),
    findFencing: () => where('findFencing', ({ fencing }) => fencing !== null),
    findLive: () => where('findLive', isLive),
    findUnfetched: () => where('findUnfetched', ({ status, end }) => LIVE.includes(status) && end !== null),
    findUnparsed: (before) =>
      where('findUnparsed', ({ status, resultId, updatedAt }) => status === 'ended' && resultId === null && updatedAt <= before),
    findUndecided: (before) =>
      where('findUndecided', ({ status, resultId, updatedAt }) => status === 'ended' && resultId !== null && updatedAt <= before),
    findInFlight: async () => {
      const live = await where('findInFlight', isLive)
      const jobs = new Set(live.map(({ id, batch }) => (batch?.kind === 'pilot' ? carrierOf(batch) : id))).size
      return { jobs, ofAccount: jobs, coresByProject: new Map() }
    },
    findShares: () => Promise.resolve(new Map()),
    saveCharges: () => Promise.resolve(),
    findOpenCharges: () => Promise.resolve([]),
    settleCharges: () => Promise.resolve(),
    findBudget: () => Promise.resolve({ limits: BUDGET_MOST, jobs: null }),
    saveBudget: () => Promise.resolve(),
    findCluster: () => ask('findCluster', () => database.cluster),
    saveClusterWait: () => Promise.resolve(),
    saveForeignJobs: () => Promise.resolve(),
    findStructure: (): Promise<Structure | null> => Promise.resolve(null),
    saveStructures: () => Promise.resolve(),
    saveOutputs: (token) => write('saveOutputs', () => void database.outputs.set(token, true)),
    async *readOutputs() {},
    saveResultBody: (jobId, attempt, body) =>
      write('saveResultBody', () => {
        database.results.set(`${jobId}.${attempt}`, resultIn(body))
        return `${jobId}.${attempt}`
      }),
    findResult: (id) => ask('findResult', () => database.results.get(id) ?? null),
  }
}

const maySubmit = (world: World, job: Job): boolean =>
  isSubmittable(job) || (world.broken.has('startsBeforeFence') && isSubmittable({ ...job, fencing: null }))

/** The decider, or a copy that lacks a rule. */
function brokenDecide({ broken }: World, command: Command, job: Job): readonly JobEvent[] {
  if (broken.has('startsBeforeFence') && command.type === 'StartSubmission') return decide(command, { ...job, fencing: null })
  if (broken.has('triesAgainAfterSilence') && command.type === 'RecordAnswer' && command.answer.kind === 'unknown')
    return decide({ ...command, answer: { kind: 'refused', reason: 'OTHER', said: 'silence' } }, job)
  if (broken.has('forgetsWhatMayComeLate')) return decide(command, job).map(forgetful)
  return decide(command, job)
}

const forgetful = (event: JobEvent): JobEvent => {
  if (event.type !== 'SubmissionAnswered') return event
  const { bySilence: _, ...rest } = event
  return rest
}

function commit(world: World, database: Database, process: Process, before: Job, events: readonly JobEvent[], after: Job): void {
  database.jobs.set(after.id, after)
  database.events.set(after.id, [...(database.events.get(after.id) ?? []), ...events])
  world.trace(
    () =>
      `${process.name}: ${after.id.slice(-2)}.${after.attempt} ${events.map(({ type }) => type).join(', ')} → ${after.status} v${after.version}` +
      (after.evidence === before.evidence ? '' : ` (${after.evidence.said})`),
  )
  for (const { type } of newsOf(before, events, after)) database.onNews({ type, job: after })
}
