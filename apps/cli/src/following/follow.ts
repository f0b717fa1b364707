import type { Client, JobFilter } from '@crystalmath/client'
import { isOver, type JobView } from '@crystalmath/contract'
import { remark } from '../output/text.ts'

/** Ids asked for one by one when a stream begins; beyond it news alone tell. */
const AT_ONCE = 16

/** The jobs that are followed, kept up to date by the stream of news. */
export type Following = {
  readonly jobs: ReadonlyMap<string, JobView>
  /** What changed since the last turn. */
  readonly changed: readonly JobView[]
}

export type Followed = { readonly ids: readonly string[] } | { readonly filter: JobFilter; readonly limit: number }

/** Yields after every change. Each job is read again upon news of it, never guessed from them. */
export async function* follow(client: Client, what: Followed, signal: AbortSignal): AsyncGenerator<Following> {
  const jobs = new Map<string, JobView>()
  const isWanted = (id: string) => !('ids' in what) || what.ids.includes(id)
  const load = async (ids: readonly string[]): Promise<JobView[]> => {
    const changed: JobView[] = []
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      for (const job of await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => client.job(id)))) {
        const before = jobs.get(job.id)
        if (before !== undefined && before.version >= job.version) continue
        jobs.set(job.id, job)
        changed.push(job)
      }
    }
    return changed
  }
  const loadAll = async (): Promise<JobView[]> => {
    if ('ids' in what) return load(what.ids)
    const { items } = await client.jobs(what.filter, { limit: what.limit })
    for (const job of items) jobs.set(job.id, job)
    return [...items]
  }
  const query = 'filter' in what && what.filter.project !== undefined ? { project: what.filter.project } : {}
  for await (const news of client.watch({ query, signal })) {
    if (news.kind === 'interrupted') {
      remark(`${news.because}; trying again in ${news.retryMs / 1_000} s`)
      continue
    }
    const changed =
      news.kind === 'snapshot' ? await loadAll() : isWanted(news.event.subject) ? await load([news.event.subject]) : []
    if (news.kind === 'snapshot' || changed.length > 0) yield { jobs, changed }
  }
}

/** Follows jobs to their ends, a line per change. True if all are completed. */
export async function followUntilOver(client: Client, ids: readonly string[]): Promise<boolean> {
  const stop = new AbortController()
  const said = new Map<string, string>()
  for await (const { jobs, changed } of follow(client, { ids }, stop.signal)) {
    for (const job of changed) {
      const line = `${job.status}${job.attempt > 1 ? `, attempt ${job.attempt}` : ''}${job.status === 'failed' ? `: ${job.verdict ?? ''}` : ''}`
      if (said.get(job.id) !== line) remark(`${job.id}  ${job.name}: ${line}`)
      said.set(job.id, line)
    }
    if (ids.every((id) => isOver(jobs.get(id)?.status ?? 'accepted'))) {
      stop.abort()
      return ids.every((id) => jobs.get(id)?.status === 'completed')
    }
  }
  return false
}
