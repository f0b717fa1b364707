import type { Client } from '@crystalmath/client'
import { isOver, type JobView } from '@crystalmath/contract'
import type { LedgerLine } from './ledger.ts'

/**
 * How long after recovery the platform noticed the last job, seconds: for a run that ended, from its end (or from recovery, if that came
 * later) to the proof of it; for a job that could not be sent before, from recovery to the scheduler's taking it, or from when the run ended
 * that made room for it, where a quota lets so many into the queue. Null where nothing waited for recovery.
 */
export function lastNoticedSeconds(
  jobs: readonly Pick<JobView, 'id' | 'attempt' | 'submittedAt' | 'endObservedAt'>[],
  ledger: readonly LedgerLine[],
  healedMs: number,
  { clusterOffsetMs = 0, room = Number.POSITIVE_INFINITY }: { readonly clusterOffsetMs?: number; readonly room?: number } = {},
): number | null {
  const msOf = ({ atSeconds }: LedgerLine) => atSeconds * 1_000 - clusterOffsetMs
  const ends = ledger.filter(({ what }) => what === 'end').map(msOf)
  const madeRoom = ends.sort((a, b) => a - b)
  const sent = jobs.flatMap(({ submittedAt }) => (submittedAt === null ? [] : [Date.parse(submittedAt)]))
  const inOrder = sent.sort((a, b) => a - b)
  const couldGoMs = (sentMs: number) => Math.max(healedMs, madeRoom[inOrder.indexOf(sentMs) - room] ?? healedMs)
  const delays = jobs.flatMap(({ id, attempt, submittedAt, endObservedAt }) => {
    const sentMs = submittedAt === null ? null : Date.parse(submittedAt)
    const end = ledger.find((line) => line.job === id && line.attempt === attempt && line.what === 'end')
    const endedMs = end === undefined ? null : msOf(end)
    return [
      ...(sentMs !== null && sentMs > healedMs && attempt === 1 ? [sentMs - couldGoMs(sentMs)] : []),
      ...(endedMs === null || endObservedAt === null || Date.parse(endObservedAt) < healedMs
        ? []
        : [Date.parse(endObservedAt) - Math.max(healedMs, endedMs)]),
    ]
  })
  return delays.length === 0 ? null : Math.max(...delays) / 1_000
}

/** How often each event came to the jobs since a moment of the platform's clock: `12 Seen, 4 EndObserved`, the most frequent first. */
export async function eventsSince(client: Client, jobs: readonly Pick<JobView, 'id'>[], sinceMs: number): Promise<string> {
  const histories = await Promise.all(jobs.map(({ id }) => client.evidence(id)))
  const after = histories.flatMap(({ history }) => history.filter(({ at }) => Date.parse(at) >= sinceMs))
  const counts = [...Map.groupBy(after, ({ type }) => type)].map(([type, all]) => ({ type, count: all.length }))
  return counts
    .toSorted((a, b) => b.count - a.count)
    .map(({ type, count }) => `${count} ${type}`)
    .join(', ')
}

/** What was observed of a job, a line each: the events after a fault, as `crystalmath job ID --why` shows them. */
export async function storyOf(client: Client, { id }: Pick<JobView, 'id'>): Promise<readonly string[]> {
  const { history } = await client.evidence(id)
  return history.map(
    ({ at, type, said, evidence }) =>
      `    ${at} ${type}: ${said}${evidence === null ? '' : ` [${evidence.source}, ${evidence.clock} clock]`}`,
  )
}

/** A job that shows best what the fault did: one that took another attempt, else the one that was over last. */
export const telling = (jobs: readonly JobView[]): JobView | undefined =>
  jobs.filter(({ status }) => isOver(status)).toSorted((a, b) => b.attempt - a.attempt || (a.updatedAt < b.updatedAt ? 1 : -1))[0]
