import type { JobId } from '@crystalmath/contract'
import { type Command, decide, evolve, type Job, READER } from '@crystalmath/job'
import { envelopes, jobsOf, tell, toJob, updateOf } from './jobs.ts'
import type { Store } from './open.ts'
import { publishNews } from './outbox.ts'

/** One word to each of many jobs: two round trips for all of them instead of two for each. A job of which another writer was faster is told alone; one that a later release wrote is left to it. */
export async function tellMany(
  store: Store,
  told: readonly { readonly jobId: JobId; readonly command: Command }[],
): Promise<ReadonlyMap<JobId, Job>> {
  const jobs = new Map<JobId, Job>()
  for (let at = 0; at < told.length; at += BATCH) {
    const said = await tellSome(store, told.slice(at, at + BATCH))
    for (const [id, job] of said) jobs.set(id, job)
  }
  return jobs
}

/** Jobs in one write. */
const BATCH = 500

async function tellSome(store: Store, told: readonly { readonly jobId: JobId; readonly command: Command }[]) {
  const documents = await jobsOf(store)
    .find(
      { _id: { $in: told.map(({ jobId }) => jobId) }, minReader: { $lte: READER } },
      { projection: { events: 0, unpublished: 0 } },
    )
    .toArray()
  const found = new Map(documents.map((document) => [document._id, document]))
  const jobs = new Map(documents.map((document) => [document._id, toJob(document)]))
  const alone: (typeof told)[number][] = []
  const advances = told.flatMap((one) => {
    const [document, before] = [found.get(one.jobId), jobs.get(one.jobId)]
    if (document === undefined || before === undefined) return []
    const events = decide(one.command, before)
    if (events.length === 0) return []
    const after = { ...events.reduce<Job>(evolve, before), version: before.version + 1 }
    const news = envelopes(store, before, events, after)
    const update = updateOf(before, after, events, news, document.eventCount)
    if (update === null) alone.push(one)
    return update === null ? [] : [{ one, after, news, update }]
  })
  const isWhole =
    advances.length === 0 ||
    (
      await jobsOf(store).bulkWrite(
        advances.map(({ update }) => ({ updateOne: update })),
        { ordered: false },
      )
    ).matchedCount === advances.length
  if (isWhole) {
    for (const { after } of advances) jobs.set(after.id, after)
    await publishNews(
      store,
      advances.map(({ after, news }) => ({ jobId: after.id, news })),
    )
  }
  // told again, who was told already has nothing to decide; its news is relayed by the sweep
  for (const { jobId, command } of isWhole ? alone : told) {
    const job = await tell(store, jobId, command)
    if (job !== null) jobs.set(jobId, job)
  }
  return jobs
}
