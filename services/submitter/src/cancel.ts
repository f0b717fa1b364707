import { findCancelling } from '@crystalmath/store'
import { placeOf } from './place.ts'
import type { Work } from './serve-writes.ts'

const lastAsked = new Map<string, number>()

/** Puts the cancel file beside jobs that somebody wants cancelled and cancels them by name and id, again every few seconds until the poller proves them over. */
export async function cancelWanted({ store, duty, config }: Work): Promise<void> {
  const wanted = await findCancelling(store, duty.cluster, 500)
  const now = performance.now()
  const due = wanted.filter(
    ({ id, attempt, status }) =>
      status !== 'accepted' &&
      now - (lastAsked.get(`${id}.${attempt}`) ?? Number.NEGATIVE_INFINITY) > config.UNANSWERED_SECONDS * 500,
  )
  if (due.length === 0) return
  for (const { id, attempt } of due) lastAsked.set(`${id}.${attempt}`, now)
  if (lastAsked.size > 10_000) lastAsked.clear()
  await duty.site.cancel(due.map((job) => ({ place: placeOf(job), nativeIds: job.nativeId === null ? [] : [job.nativeId] })))
  duty.log.info({ jobIds: due.map(({ id }) => id) }, 'cancelled on the cluster')
}
