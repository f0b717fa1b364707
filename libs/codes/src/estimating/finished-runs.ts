import type { Demand } from '@crystalmath/contract'

/** What a run of the same project, code and cluster was estimated to need by the law alone, and what it did need. */
export type FinishedRun = {
  readonly kind: string
  readonly coreSeconds: number
  readonly mebibytes: number
  readonly cores: number
  readonly usedCoreSeconds: number
  /** In all ranks; null where nothing says it. */
  readonly usedMebibytes: number | null
}

/** Factors on the law, safety included, each with its reason. `expected` is without safety. */
export type Correction = {
  readonly expected: number
  readonly time: number
  readonly memory: number
  readonly timeBecause: string
  readonly memoryBecause: string
  /** Whether runs speak for the time: then a short wall clock is trusted. */
  readonly isMeasured: boolean
}

/** Without runs a law may err so much. */
const TIME_SAFETY = 3
const MEMORY_SAFETY = 2
/** On the worst of the runs that are alike. */
const MEASURED_TIME_SAFETY = 1.5
const MEASURED_MEMORY_SAFETY = 1.3
/** Runs count as alike up to this ratio of their sizes; fewer than three prove nothing. */
const ALIKE = 8
const LEAST = 3
const MOST = 20
/** A run of so many seconds is all start-up: its ratio says nothing of larger ones. */
const SHORTEST_SECONDS = 1

/** Core-seconds on several cores for one on one alone, 15 % more for each doubling: communication, what is not shared out, and cores that share a memory bus. */
export const overheadOf = (cores: number): number => 1 + 0.15 * Math.log2(cores)

/** How the law is to be corrected by the runs that are nearest in size: by the worst ratio of what was used to what the law says. */
export function correctionBy(demand: Demand, runs: readonly FinishedRun[]): Correction {
  const apart = ({ coreSeconds }: FinishedRun) => Math.abs(Math.log(coreSeconds / demand.coreSeconds))
  const alike = runs
    .filter((run) => run.kind === demand.kind && apart(run) <= Math.log(ALIKE) && run.usedCoreSeconds >= SHORTEST_SECONDS)
    .sort((one, other) => apart(one) - apart(other))
    .slice(0, MOST)
  const times = alike.map(({ coreSeconds, cores, usedCoreSeconds }) => usedCoreSeconds / (coreSeconds * overheadOf(cores)))
  const memories = alike.flatMap(({ mebibytes, usedMebibytes }) => (usedMebibytes === null ? [] : [usedMebibytes / mebibytes]))
  const isMeasured = times.length >= LEAST
  const mean = times.reduce((sum, one) => sum + one, 0) / Math.max(1, times.length)
  return {
    expected: isMeasured ? mean : 1,
    time: isMeasured ? MEASURED_TIME_SAFETY * Math.max(...times) : TIME_SAFETY,
    memory: memories.length >= LEAST ? MEASURED_MEMORY_SAFETY * Math.max(...memories) : MEMORY_SAFETY,
    timeBecause: isMeasured
      ? said(times, MEASURED_TIME_SAFETY)
      : `${TIME_SAFETY} times what the law says: no finished runs like it`,
    memoryBecause:
      memories.length >= LEAST
        ? said(memories, MEASURED_MEMORY_SAFETY)
        : `${MEMORY_SAFETY} times what the law says: no finished runs like it say their memory`,
    isMeasured,
  }
}

const said = (ratios: readonly number[], safety: number): string =>
  `${safety} times the worst of ${ratios.length} finished runs of this project like it, which took ${shown(Math.min(...ratios))} to ${shown(Math.max(...ratios))} of what the law says`

const shown = (ratio: number): string => Number(ratio.toPrecision(2)).toString()
