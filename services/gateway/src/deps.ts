import type { Bus } from '@crystalmath/bus'
import type { Log } from '@crystalmath/service'
import type { Store } from '@crystalmath/store'
import type { GatewayConfig } from './config.ts'
import type { Feed } from './live/feed.ts'

/** What routes work with; made once by `main.ts`. */
export type Deps = {
  readonly store: Store
  readonly bus: Bus
  readonly feed: Feed
  readonly log: Log
  readonly config: Readonly<GatewayConfig>
  /** Aborted when the service stops: live streams end. */
  readonly signal: AbortSignal
  readonly now: () => Date
  /** Prometheus text of this process. */
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>
}
