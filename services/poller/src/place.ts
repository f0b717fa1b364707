import { type AttemptSight, BARE_SIGHT } from '@crystalmath/contract'
import type { Patience } from '@crystalmath/job'
import { PATIENCE } from '@crystalmath/job'
import type { ReadSettings } from './settings.ts'

/** A sight of which only what the spool's news says is known. */
export const sightOfNews = (said: Partial<AttemptSight> & { readonly clusterSeconds: number }, at: string): AttemptSight => ({
  lookedAt: at,
  ...BARE_SIGHT,
  ...said,
})

export const patienceOf = (config: ReadSettings): Patience => ({
  ...PATIENCE,
  absences: config.ABSENCES,
  causeMs: config.CAUSE_SECONDS * 1_000,
  absenceMs: config.ABSENCE_SECONDS * 1_000,
  sentinelMs: config.SENTINEL_SECONDS * 1_000,
})
