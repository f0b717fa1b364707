import type { SentinelNews } from '@crystalmath/cluster'
import { type AttemptSight, isOver, partsOf, TransientError, tokenOf } from '@crystalmath/contract'
import { isoTime } from '@crystalmath/service'
import type { Fetcher } from './fetching.ts'
import { sightOfNews } from './place.ts'
import type { Reconciler } from './reconciling.ts'
import type { Reads } from './work.ts'

export type Watching = { readonly done: Promise<void> }

/** Follows the spool through the remote watcher: a start makes a job running, an owner's end with exit 0 ends it at once, anything else is reconciled. */
export async function openWatching(
  work: Reads,
  fetching: Fetcher,
  reconciling: Reconciler,
  signal: AbortSignal,
  fail: (error: unknown) => void,
): Promise<Watching> {
  let heard: SentinelNews[] = []
  let chain = Promise.resolve()
  // one at a time; what comes meanwhile goes together
  const takeAll = async () => {
    const news = heard
    heard = []
    if (news.length > 0) await takeIn(work, news, fetching, reconciling)
  }
  const onNews = (news: readonly SentinelNews[]) => {
    heard.push(...news)
    chain = chain.then(takeAll).catch(fail)
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
  const byToken = Map.groupBy(news, ({ token }) => token)
  const known = await jobs.findJobs([...byToken.keys()].map((token) => partsOf(token).jobId))
  const awaited = new Map(
    known.filter(({ status }) => status !== 'ended' && !isOver(status)).map((job) => [tokenOf(job.id, job.attempt), job]),
  )
  const seen = [...byToken].flatMap(([token, said]) => {
    const job = awaited.get(token)
    if (job !== undefined) return [{ job, sight: sightOf(said, isoTime(clock)) }]
    fetching.settle(token) // of a past attempt or an unknown job: nobody waits for it
    return []
  })
  for (const [i, job] of (await reconciling.judgeAll(seen)).entries())
    if (job.end !== null) fetching.want(job, seen[i]?.sight.end ?? null)
  duty.log.debug({ jobs: seen.map(({ job }) => job.id) }, 'news from the spool')
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
