import type { ClusterSpec } from '@crystalmath/contract'
import type { Scheduler } from '@crystalmath/schedulers'
import type { SshLink } from '@crystalmath/ssh'
import type { SiteLoad } from './site-load.ts'

/** What every deed on a cluster stands on. */
export type Ground = {
  readonly link: SshLink
  readonly spec: ClusterSpec
  readonly scheduler: Scheduler
  /** The Unix account. */
  readonly account: string
  readonly root: string
  readonly spool: string
  readonly load: SiteLoad
  /** Scheduler commands, to be counted. */
  spent(commands: number): void
}

/** The platform's clock, as it stands in observations. */
export const nowIso = (): string => new Date().toISOString()
