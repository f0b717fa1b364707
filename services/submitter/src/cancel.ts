import { placeOf } from '@crystalmath/cluster'
import type { Work } from './work.ts'

/** Puts the cancel file beside jobs that somebody wants cancelled and cancels them by name and id, again every few seconds until the poller proves them over. */
export async function cancelWanted({ jobs, duty, config, clock, lastAsked }: Work): Promise<void> {
  const wanted = await jobs.findCancelling(duty.cluster, 500)
  const now = clock.monotonicMs()
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
