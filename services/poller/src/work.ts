import type { Bus } from '@crystalmath/bus'
import type { Duty } from '@crystalmath/duty'
import type { Clock } from '@crystalmath/service'
import type { JobsPort, Store } from '@crystalmath/store'
import type { PollerConfig } from './config.ts'
import type { ReadSettings } from './settings.ts'

/** What watching, reconciling and fetching need. */
export type Reads = {
  readonly jobs: JobsPort
  readonly duty: Duty
  readonly config: ReadSettings
  readonly clock: Clock
}

/** What a cluster's read side needs beside. */
export type Work = Reads & { readonly store: Store; readonly bus: Bus; readonly config: PollerConfig }
