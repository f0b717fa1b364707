import type { Bus } from '@crystalmath/bus'
import type { Log } from '@crystalmath/service'
import type { Store } from '@crystalmath/store'
import type { GatewayConfig } from './config.ts'
import type { Bodies } from './http/bodies.ts'
import type { Feed } from './live/feed.ts'

/** A request that was answered; `route` is the path with its placeholders, so that there are few of them. */
export type Answered = { readonly method: string; readonly route: string; readonly status: number; readonly ms: number }

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
  readonly bodies: Bodies
  /** Counts an answered request. */
  readonly observe: (answered: Answered) => void
  /** Prometheus text of this process. */
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>
}
