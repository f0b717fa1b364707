import type { Duty } from '@crystalmath/duty'
import type { Clock } from '@crystalmath/service'
import type { JobsPort } from '@crystalmath/store'
import type { Pilots } from './feeding.ts'
import type { Pressure } from './pressure.ts'
import type { WriteSettings } from './settings.ts'
import type { Stops } from './stops.ts'

/** What one turn needs. */
export type Work = {
  readonly jobs: JobsPort
  readonly duty: Duty
  readonly config: WriteSettings
  readonly clock: Clock
  /** When a job was last cancelled on the cluster, by the monotonic clock. */
  readonly lastAsked: Map<string, number>
  readonly pressure: Pressure
  readonly stops: Stops
  readonly pilots: Pilots
  /** Attempts to be fenced that complete listings do not show: how many since when, by the monotonic clock. */
  readonly unseen: Map<string, { readonly count: number; readonly sinceMs: number }>
}
