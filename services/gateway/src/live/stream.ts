import type { Followed } from '@crystalmath/bus'
import { isOver, type JobId, type ProjectId, STATUSES, type StreamSnapshot } from '@crystalmath/contract'
import { countJobs, listJobs } from '@crystalmath/store'
import type { Request, Response } from 'express'
import type { Deps } from '../deps.ts'
import { unavailable } from '../http/problem.ts'
import { openProjectLookUp } from './project-of-job.ts'

export type StreamOptions = {
  /** Null: news of all projects. */
  readonly projects: readonly ProjectId[] | null
  /** Only of this job. */
  readonly jobId?: JobId | undefined
  readonly lastEventId: string | undefined
}

/** A comment so often keeps proxies from closing a quiet stream. */
const BEAT_MS = 15_000
/** A reader that lets so much pile up has gone to sleep; it resumes by its last id. */
const MAX_WAITING_BYTES = 4 * 2 ** 20
const SNAPSHOT_JOBS = 1_000

/** Server-sent events: what was missed since the last id, or a snapshot; then news as they come. */
export async function streamNews(deps: Deps, options: StreamOptions, request: Request, response: Response): Promise<void> {
  const { feed, store, signal } = deps
  if (signal.aborted) throw unavailable('this gateway is stopping; another takes the stream up', 1)
  const projectOf = openProjectLookUp(store)
  const allowed = options.projects === null ? null : new Set<string>(options.projects)
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  response.write(': crystalmath news\nretry: 1000\n\n')

  const isWanted = async ({ event }: Followed): Promise<boolean> => {
    if (options.jobId !== undefined && event.subject !== options.jobId) return false
    if (allowed === null) return true
    const project = await projectOf(event.subject, event.data['projectId'])
    return project !== null && allowed.has(project)
  }
  const send = (news: Followed): void => {
    response.write(`id: ${feed.epoch()}.${news.sequence}\nevent: ${news.event.type}\ndata: ${JSON.stringify(news.event)}\n\n`)
    if (response.writableLength > MAX_WAITING_BYTES) response.destroy()
  }
  // news are said in order, one after the other, those that come during the snapshot after it
  let turn = Promise.resolve()
  const say = (news: Followed): void => {
    turn = turn
      .then(async () => ((await isWanted(news)) && !response.destroyed ? send(news) : undefined))
      .catch(() => void response.destroy())
  }
  const missed = options.lastEventId === undefined ? null : feed.since(options.lastEventId)
  const at = feed.last()
  if (missed === null) turn = turn.then(async () => void response.write(await snapshotText(deps, options, at)))
  else missed.forEach(say)
  const leave = feed.subscribe(say)
  const beat = setInterval(() => response.write(': beat\n\n'), BEAT_MS)
  // a hint when to come again, so that not all come at once
  const end = () => void response.end(`retry: ${Math.round(200 + Math.random() * 800)}\n\n`)
  signal.addEventListener('abort', end, { once: true })
  await new Promise<void>((resolve) => {
    response.once('close', resolve)
    request.once('error', () => resolve())
    turn.catch(() => response.destroy())
  })
  clearInterval(beat)
  signal.removeEventListener('abort', end)
  leave()
}

async function snapshotText({ store, feed, now }: Deps, { projects, jobId }: StreamOptions, at: number): Promise<string> {
  const statuses = STATUSES.filter((status) => !isOver(status))
  const query = { projects }
  const jobs = await listJobs(store.db, { ...query, statuses }, { limit: SNAPSHOT_JOBS + 1 })
  const snapshot: StreamSnapshot = {
    at: now().toISOString(),
    counts: await countJobs(store.db, query),
    jobs: jobs
      .slice(0, SNAPSHOT_JOBS)
      .filter(({ id }) => jobId === undefined || id === jobId)
      .map(({ id, projectId, cluster, name, status, attempt, version }) => ({
        id,
        project: projectId,
        cluster,
        name,
        status,
        attempt,
        version,
      })),
    complete: jobs.length <= SNAPSHOT_JOBS,
  }
  return `id: ${feed.epoch()}.${at}\nevent: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n`
}
