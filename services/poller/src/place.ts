import type { AttemptSight } from '@crystalmath/contract'
import type { Patience } from '@crystalmath/job'
import { PATIENCE } from '@crystalmath/job'
import type { Reads } from './serve-reads.ts'

/** A sight of which only what the spool's news says is known. */
export const sightOfNews = (said: Partial<AttemptSight> & { readonly clusterSeconds: number }, at: string): AttemptSight => ({
  lookedAt: at,
  exists: true,
  claims: [],
  nativeId: null,
  lockOwner: null,
  start: null,
  end: null,
  duplicates: [],
  requeued: [],
  cancelFile: false,
  ...said,
})

export const patienceOf = (config: Reads['config']): Patience => ({
  ...PATIENCE,
  absences: config.ABSENCES,
  causeMs: config.CAUSE_SECONDS * 1_000,
  absenceMs: config.ABSENCE_SECONDS * 1_000,
  sentinelMs: config.SENTINEL_SECONDS * 1_000,
})
