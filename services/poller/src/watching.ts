import type { SentinelNews } from '@crystalmath/cluster'
import { type AttemptSight, isOver, partsOf, type Token, TransientError } from '@crystalmath/contract'
import { isoTime } from '@crystalmath/service'
import type { Fetcher } from './fetching.ts'
import { sightOfNews } from './place.ts'
import type { Reconciler } from './reconciling.ts'
import type { Reads } from './serve-reads.ts'

export type Watching = { readonly done: Promise<void> }

/** Follows the spool through the remote watcher: a start makes a job running, an owner's end with exit 0 ends it at once, anything else is reconciled. */
export async function openWatching(
  work: Reads,
  fetching: Fetcher,
  reconciling: Reconciler,
  signal: AbortSignal,
  fail: (error: unknown) => void,
): Promise<Watching> {
  let chain = Promise.resolve()
  const onNews = (news: readonly SentinelNews[]) => {
    chain = chain.then(() => takeIn(work, news, fetching, reconciling)).catch(fail)
  }
  const { done } = await work.duty.site.watch(onNews, signal)
  const ended = done.then(() => {
    if (!signal.aborted) throw new TransientError('the remote watcher ended by itself', { waitingFor: 'SSH_DOWN' })
  })
  return { done: ended.catch(fail).then(() => chain) }
}

/** Judges the jobs that the spool's news is of. */
export async function takeIn(
  { jobs, duty, clock }: Reads,
  news: readonly SentinelNews[],
  fetching: Fetcher,
  reconciling: Reconciler,
): Promise<void> {
  const byToken = new Map<Token, SentinelNews[]>()
  for (const one of news) byToken.set(one.token, [...(byToken.get(one.token) ?? []), one])
  await inParallel(16, [...byToken], async ([token, said]) => {
    const { jobId, attempt } = partsOf(token)
    const job = await jobs.findJob(jobId)
    if (job === null || job.attempt !== attempt || job.status === 'ended' || isOver(job.status)) {
      fetching.settle(token) // of a past attempt or an unknown job: nobody waits for it
      return
    }
    const after = await reconciling.judgeOne(job, sightOf(said, isoTime(clock)))
    if (after?.end != null) fetching.want(after, said.find((one) => one.kind === 'end')?.end ?? null)
    duty.log.debug({ jobId, attempt, news: said.map(({ kind }) => kind) }, 'news from the spool')
  })
}

function sightOf(news: readonly SentinelNews[], at: string): AttemptSight {
  const end = news.find((one) => one.kind === 'end')?.end ?? null
  const start = news.find((one) => one.kind === 'start')?.start ?? null
  return sightOfNews(
    {
      clusterSeconds: Date.parse(at) / 1_000,
      lockOwner: end?.owner ?? start?.owner ?? null,
      start,
      end,
      duplicates: news.flatMap((one) => (one.kind === 'duplicate' ? [one.owner] : [])),
      requeued: news.flatMap((one) => (one.kind === 'requeued' ? [one.owner] : [])),
    },
    at,
  )
}

/** Runs work on items, at most `width` at once. */
export async function inParallel<T>(width: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: Math.min(width, items.length) }, async () => {
      for (const item of queue) await work(item)
    }),
  )
}
