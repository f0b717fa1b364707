import { type CrystalEvent, type JobId, TransientError } from '@crystalmath/contract'
import { type Command, decide, evolve, type Job, type JobEvent, newsOf, READER } from '@crystalmath/job'
import { v7 as uuidv7 } from 'uuid'
import { insertNew } from './insert-new.ts'
import { asStoreError, type Store } from './open.ts'
import { publishNews, publishOrKeep } from './outbox.ts'

/** As stored: the job, its recent events, and what the bus has not heard yet. */
export type JobDocument = Omit<Job, 'id'> & {
  readonly _id: JobId
  readonly events: readonly JobEvent[]
  readonly eventCount: number
  readonly unpublished?: readonly CrystalEvent[]
}

const RECENT_EVENTS = 200
const MAX_RACES = 50

export const jobsOf = (store: Store) => store.db.collection<JobDocument>('jobs')

const WITHOUT_EVENTS = { events: 0, unpublished: 0 } as const

/** The job without its events; null where there is none. */
export async function findJob(store: Store, jobId: JobId): Promise<Job | null> {
  const document = await jobsOf(store).findOne({ _id: jobId }, { projection: WITHOUT_EVENTS })
  return document === null ? null : toJob(document)
}

/** Every fact of a job in order, the oldest from `job-events`. */
export async function findJobEvents(store: Store, jobId: JobId): Promise<readonly JobEvent[]> {
  const document = await jobsOf(store).findOne({ _id: jobId }, { projection: { events: 1, eventCount: 1 } })
  if (document === null) return []
  const firstRecent = document.eventCount - document.events.length
  const archived = store.db.collection<{ jobId: JobId; index: number; event: JobEvent }>('job-events')
  const older =
    firstRecent === 0
      ? []
      : await archived
          .find({ jobId, index: { $lt: firstRecent } })
          .sort({ index: 1 })
          .toArray()
  return [...older.map(({ event }) => event), ...document.events]
}

export function toJob({ _id, events: _events, unpublished: _unpublished, eventCount: _count, ...rest }: JobDocument): Job {
  return { id: _id, ...rest }
}

/** Loads, decides, writes once; when another writer was faster, does so again. Publishes right after its write. The job as it is now; null where there is none. */
export async function tell(store: Store, jobId: JobId, command: Command): Promise<Job | null> {
  for (let race = 0; race < MAX_RACES; race += 1) {
    const document = await jobsOf(store)
      .findOne({ _id: jobId }, { projection: { events: 0, unpublished: 0 } })
      .catch((error: unknown) => {
        throw asStoreError(error)
      })
    if (document === null) return null
    const before = toJob(document)
    if (before.minReader > READER) {
      const message = `job ${jobId} was written for readers from ${before.minReader} on, this release reads ${READER}: left to a later one`
      throw new TransientError(message, { retryAfterMs: 60_000 })
    }
    const events = decide(command, before)
    if (events.length === 0) return before
    const after = { ...events.reduce<Job>(evolve, before), version: before.version + 1 }
    const news = envelopes(store, before, events, after)
    if (await advance(store, before, after, events, news, document.eventCount)) {
      await publishNews(store, [{ jobId, news }])
      return after
    }
  }
  throw new TransientError(`job ${jobId}: lost ${MAX_RACES} races for one write`, { retryAfterMs: 500 })
}

/** Makes new jobs, thousands in one write. Ids that exist already are left alone: the same post again makes nothing twice. Returns the ids that are new.
 * `isRepeated`: whoever posts does so again until this has returned, so that the news needs no outbox; those of jobs that were there are said again. */
export async function createJobs(
  store: Store,
  commands: readonly Extract<Command, { type: 'PostJob' }>[],
  { isRepeated = false }: { readonly isRepeated?: boolean } = {},
): Promise<readonly JobId[]> {
  if (commands.length === 0) return []
  const made = commands.map((command) => {
    const events = decide(command, null)
    const [first, ...rest] = events
    if (first === undefined) throw new TypeError('a posted job makes an event')
    const job = { ...rest.reduce<Job>(evolve, evolve(null, first)), version: 1 }
    const news = envelopes(store, null, events, job)
    const { id, ...facts } = job
    const document: JobDocument = { ...facts, _id: id, events, eventCount: events.length }
    return { document, news }
  })
  const taken = await insertNew(
    jobsOf(store),
    made.map(({ document, news }) => (isRepeated ? document : { ...document, unpublished: news })),
  )
  const fresh = made.filter((_, index) => !taken.has(index))
  const outboxes = (isRepeated ? made : fresh).map(({ document, news }) => ({ jobId: document._id, news }))
  if (isRepeated) await publishOrKeep(store, outboxes)
  else await publishNews(store, outboxes)
  return fresh.map(({ document }) => document._id)
}

/** What the bus hears of one write. */
export function envelopes(store: Store, before: Job | null, events: readonly JobEvent[], after: Job): CrystalEvent[] {
  return newsOf(before, events, after).map(({ type, data }) => ({
    specversion: '1.0',
    id: uuidv7(),
    source: store.source,
    subject: after.id,
    time: after.updatedAt,
    datacontenttype: 'application/json',
    dataschema: `https://crystalmath.dev/schemas/${type}.json`,
    type,
    data: { ...data, cluster: after.cluster },
  })) as CrystalEvent[]
}

async function advance(
  store: Store,
  before: Job,
  after: Job,
  events: readonly JobEvent[],
  news: readonly CrystalEvent[],
  count: number,
): Promise<boolean> {
  if (passesMultiple(count, events)) await archive(store, before.id)
  const { filter, update } = writeOf(before, after, events, news)
  try {
    const { matchedCount } = await jobsOf(store).updateOne(filter, update)
    return matchedCount === 1
  } catch (error) {
    throw asStoreError(error)
  }
}

const passesMultiple = (count: number, events: readonly JobEvent[]): boolean =>
  Math.floor((count + events.length) / RECENT_EVENTS) > Math.floor(count / RECENT_EVENTS)

/** The one write that advances a job, under the version that was read. */
function writeOf(before: Job, after: Job, events: readonly JobEvent[], news: readonly CrystalEvent[]) {
  const set: Record<string, unknown> = {}
  for (const key of Object.keys(after) as (keyof Job)[]) if (key !== 'id' && after[key] !== before[key]) set[key] = after[key]
  const push = {
    events: { $each: [...events], $slice: -RECENT_EVENTS },
    ...(news.length === 0 ? {} : { unpublished: { $each: [...news] } }),
  }
  const update = { $set: set, $inc: { eventCount: events.length }, $push: push } as never
  return { filter: { _id: before.id, version: before.version }, update }
}

/** The same for a write of many; null where its events have to be archived first. */
export const updateOf = (
  before: Job,
  after: Job,
  events: readonly JobEvent[],
  news: readonly CrystalEvent[],
  count: number,
): ReturnType<typeof writeOf> | null => (passesMultiple(count, events) ? null : writeOf(before, after, events, news))

/** Copies the recent events to `job-events` whenever their number passes a multiple of 200, before any would fall off the end; a repeated copy changes nothing. */
async function archive(store: Store, jobId: JobId): Promise<void> {
  const document = await jobsOf(store).findOne({ _id: jobId }, { projection: { events: 1, eventCount: 1 } })
  if (document === null) return
  const first = document.eventCount - document.events.length
  await store.db.collection('job-events').bulkWrite(
    document.events.map((event, i) => ({
      updateOne: { filter: { jobId, index: first + i }, update: { $setOnInsert: { event } }, upsert: true },
    })),
    { ordered: false },
  )
}

/** Says once more how far a job has come: for whoever missed it, and for what must be a message to become a dead letter. */
export async function tellAgain(store: Store, jobId: JobId): Promise<void> {
  const job = await findJob(store, jobId)
  if (job === null) return
  const before: Job = { ...job, status: 'accepted' }
  await publishOrKeep(store, [{ jobId, news: envelopes(store, before, [], job) }])
}
