import type { WaitingKind } from '@crystalmath/contract'

/** Why a job pends (JOB REASON CODES of squeue(1)), where it is more than standing in line. */
const WAITS: readonly (readonly [RegExp, WaitingKind])[] = [
  [/maintenance/i, 'MAINTENANCE'],
  [/^Partition(Down|Inactive)/, 'MAINTENANCE'],
  [/^(QOS|Assoc|Max|MaxSubmit)[A-Za-z]*(Limit|PerUser|PerAccount|PerJob|Max|Min|Grp)/, 'QUOTA'],
  [/^JobHeldAdmin|^launch.failed.requeued.held/i, 'OTHER'],
]

export const waitsOf = (reason: string | null): WaitingKind | null =>
  reason === null ? null : (WAITS.find(([pattern]) => pattern.test(reason))?.[1] ?? null)
