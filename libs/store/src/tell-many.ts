import type { JobId } from '@crystalmath/contract'
import { type Command, decide, evolve, type Job, READER } from '@crystalmath/job'
import { envelopes, jobsOf, tell, toJob, updateOf } from './jobs.ts'
import type { Store } from './open.ts'
import { type Outbox, publishNews } from './outbox.ts'

type Told = { readonly jobId: JobId; readonly command: Command }

/** One word to each of many jobs: two round trips for all of them instead of two for each. Those of which another writer was faster are told again, together; jobs that a later release wrote are left to it. */
export async function tellMany(store: Store, told: readonly Told[]): Promise<ReadonlyMap<JobId, Job>> {
  const jobs = new Map<JobId, Job>()
  for (let at = 0; at < told.length; at += BATCH) {
    let left: readonly Told[] = told.slice(at, at + BATCH)
    const alone: Told[] = []
    for (let round = 0; round < ROUNDS && left.length > 0; round += 1) left = await tellSome(store, left, jobs, alone)
    for (const { jobId, command } of [...left, ...alone]) {
      const job = await tell(store, jobId, command)
      if (job !== null) jobs.set(jobId, job)
    }
  }
  return jobs
}

/** Jobs in one write. */
const BATCH = 500
/** Races that a batch may lose before its jobs are told one by one. */
const ROUNDS = 5

/** Puts the jobs as they are then into the map, and whose events have to be archived first into `alone`. Returns who is to be told again: who was told
 * already has nothing to decide then. */
async function tellSome(store: Store, told: readonly Told[], jobs: Map<JobId, Job>, alone: Told[]): Promise<readonly Told[]> {
  const documents = await jobsOf(store)
    .find(
      { _id: { $in: told.map(({ jobId }) => jobId) }, minReader: { $lte: READER } },
      { projection: { events: 0, unpublished: 0 } },
    )
    .toArray()
  const found = new Map(documents.map((document) => [document._id, document]))
  const advances = told.flatMap((one) => {
    const document = found.get(one.jobId)
    if (document === undefined) return []
    const before = toJob(document)
    jobs.set(before.id, before)
    const events = decide(one.command, before)
    if (events.length === 0) return []
    const after = { ...events.reduce<Job>(evolve, before), version: before.version + 1 }
    const news = envelopes(store, before, events, after)
    const update = updateOf(before, after, events, news, document.eventCount)
    if (update === null) alone.push(one)
    return update === null ? [] : [{ one, after, news, update }]
  })
  if (advances.length === 0) return []
  const { matchedCount } = await jobsOf(store).bulkWrite(
    advances.map(({ update }) => ({ updateOne: update })),
    { ordered: false },
  )
  const landed = matchedCount === advances.length ? advances : await landedOf(store, advances)
  for (const { after } of landed) jobs.set(after.id, after)
  await publishNews(
    store,
    landed.map(({ after, news }) => ({ jobId: after.id, news })),
  )
  const isLanded = new Set(landed.map(({ after }) => after.id))
  return advances.filter(({ after }) => !isLanded.has(after.id)).map(({ one }) => one)
}

/** Those whose news lies in their outboxes: they were written. Of those without news nobody knows before they are told again. */
async function landedOf<T extends Pick<Outbox, 'news'> & { readonly after: Job }>(
  store: Store,
  advances: readonly T[],
): Promise<readonly T[]> {
  const written = await jobsOf(store)
    .find({ _id: { $in: advances.map(({ after }) => after.id) } }, { projection: { 'unpublished.id': 1 } })
    .toArray()
  const lying = new Set(written.flatMap(({ unpublished }) => unpublished?.map(({ id }) => id) ?? []))
  return advances.filter(({ news: [first] }) => first !== undefined && lying.has(first.id))
}
