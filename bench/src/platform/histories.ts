import type { JobId } from '@crystalmath/contract'
import type { Stage } from '@crystalmath/e2e'
import type { JobEvent } from '@crystalmath/job'
import { jobsOf, openStore } from '@crystalmath/store'
import { median, percentile } from '../statistics.ts'

export type Histories = ReadonlyMap<string, readonly JobEvent[]>

/** What happened to these jobs, from the store: ten thousand questions to the gateway would be a load of their own. */
export async function historiesOf({ platform }: Pick<Stage, 'platform'>, ids: readonly string[]): Promise<Histories> {
  const store = await openStore({ url: platform.servers.mongo.url, database: 'crystalmath', source: '/crystalmath/bench' })
  try {
    const found = await jobsOf(store)
      .find({ _id: { $in: ids as readonly JobId[] } }, { projection: { events: 1 } })
      .toArray()
    if (found.length < ids.length) throw new Error(`${found.length} of ${ids.length} jobs are in the store`)
    return new Map(found.map(({ _id, events }) => [_id, events]))
  } finally {
    await store.close()
  }
}

/** When the first event of a type came to each of them, seconds since the epoch; NaN where it never did. */
export const secondsOf = (histories: Histories, ids: readonly string[], type: JobEvent['type']): readonly number[] =>
  ids.map((id) => Date.parse(histories.get(id)?.find((event) => event.type === type)?.at ?? '') / 1_000)

/** When each run was over, by its own word, seconds since the epoch. */
export const endsOf = (histories: Histories, ids: readonly string[]): readonly number[] =>
  ids.map((id) => {
    const observed = histories.get(id)?.find((event) => event.type === 'EndObserved')
    return Date.parse((observed?.type === 'EndObserved' ? observed.end.evidence.at : undefined) ?? '') / 1_000
  })

/** When each run began, by its own word: heard of while it ran, or else with its end. */
export const startsOf = (histories: Histories, ids: readonly string[]): readonly number[] =>
  ids.map((id) => {
    const starts = (histories.get(id) ?? []).flatMap((event) => {
      const at = event.type === 'Seen' ? event.startedAt : event.type === 'EndObserved' ? event.end.startedAt : null
      return at === null ? [] : [Date.parse(at) / 1_000]
    })
    return Math.min(...starts)
  })

/** From one moment to the other, seconds. */
export function lagsOf(from: readonly number[], to: readonly number[]) {
  const lags = to.map((time, i) => time - (from[i] ?? Number.NaN))
  return { median: median(lags), p95: percentile(lags, 0.95), count: lags.length }
}
