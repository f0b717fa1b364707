import type { Resources } from '@crystalmath/contract'
import type { Job } from './job.ts'

/** Cores that a job asks for. */
export const coresOf = ({ ranks, threadsPerRank }: Pick<Resources, 'ranks' | 'threadsPerRank'>): number => ranks * threadsPerRank

/** The most that one attempt may cost, core-hours: its wall clock on all its cores. Reserved while it is on the cluster. */
export const reservedCoreHours = (resources: Resources): number => (coresOf(resources) * resources.walltimeSeconds) / 3_600

/** What an attempt cost by its own word, core-hours: from its start to its end on the cores that it asked for; 0 where it never began. What the batch
 * system billed is for accounting to say. */
export function usedCoreHours({ end, startedAt, resources }: Pick<Job, 'end' | 'startedAt' | 'resources'>): number {
  // an end that was heard of without its start counts as begun then; the start was perhaps heard of before
  const began = startedAt ?? end?.startedAt ?? null
  if (end === null || began === null) return 0
  const seconds = (Date.parse(end.evidence.at) - Date.parse(began)) / 1_000
  return (coresOf(resources) * Math.max(0, seconds)) / 3_600
}
