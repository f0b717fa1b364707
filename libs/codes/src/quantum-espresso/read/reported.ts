import type { CalculationResult, Diagnosis } from '@crystalmath/contract'
import { coreHoursOf, emptyResult } from '../../reading/result.ts'
import type { RunFacts } from './run-facts.ts'

/** What one file says, as a result of its own. */
export type Reported = {
  /** Program of the suite that wrote it, `PWSCF` …; null where unknown. */
  readonly program: string | null
  readonly result: CalculationResult
  /** The output of one image of a path, which is written again at each iteration. */
  readonly isImage?: boolean
  /** A band structure (nscf, bands) on the density of an earlier run. */
  readonly isBands?: boolean
}

/** By `JOB DONE.`, by an error of its own, or cut off. */
export function terminationOf(run: RunFacts): CalculationResult['termination'] {
  if (run.jobDone) return 'normal'
  return run.diagnoses.some(({ kind }) => !SOFT.has(kind)) ? 'error' : 'truncated'
}

/** Diagnoses after which the program goes on, or ends without an error block. */
const SOFT: ReadonlySet<string> = new Set([
  'OUT_OF_WALLTIME',
  'OUT_OF_MEMORY',
  'STOPPED_BY_REQUEST',
  'OUTPUT_UNREADABLE',
  'IONIC_NOT_CONVERGED',
  'ELECTRONIC_NOT_CONVERGED',
  'IONIC_CYCLE_BFGS_HISTORY_FAILURE',
  'OUTPUT_INCOMPLETE',
  'SEGMENTATION_FAULT',
  'BUS_ERROR',
  'DISK_FULL',
  'CANCELLED',
  'PREEMPTED',
  'NODE_FAILURE',
  'KILLED',
])

/** Version, processes, clocks, warnings: the same for each program. Adds the diagnosis of a file that is cut off. */
export function resultOfRun(run: RunFacts): CalculationResult {
  run.pending?.()
  const termination = terminationOf(run)
  const diagnoses: Diagnosis[] = [...run.diagnoses]
  if (
    termination === 'truncated' &&
    !run.isImage &&
    !diagnoses.some(({ kind }) => SOFT.has(kind) && kind !== 'OUTPUT_UNREADABLE')
  )
    diagnoses.push({
      kind: 'OUTPUT_INCOMPLETE',
      message: 'the output ends before JOB DONE: the program was killed or still runs',
      evidence: { file: run.file, line: null, text: '' },
    })
  const coreCount =
    run.coreCount ?? (run.mpiRankCount !== null && run.threadsPerRank !== null ? run.mpiRankCount * run.threadsPerRank : null)
  return {
    ...emptyResult('quantum-espresso'),
    codeVersion: run.version,
    termination,
    mpiRankCount: run.mpiRankCount,
    threadsPerRank: run.threadsPerRank,
    coreCount,
    wallSeconds: run.wallSeconds,
    cpuSeconds: run.cpuSeconds,
    coreHours: coreHoursOf(run.wallSeconds, coreCount),
    diagnoses,
    warnings: [...run.warnings],
  }
}
