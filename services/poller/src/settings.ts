import { z } from 'zod'

/** What watching, reconciling and fetching are told; the defaults are those of a real site. */
export const ReadSettings = z.object({
  /** While outputs are being fetched, ends are gathered so long before more are, so that many cost one command. */
  GATHER_SECONDS: z.coerce.number().min(0.01).default(0.1),
  /** Accounting is asked at most so often. */
  ACCOUNTING_SECONDS: z.coerce.number().min(0.5).default(5),
  /** How long a non-zero end waits for the scheduler's word on its cause. */
  CAUSE_SECONDS: z.coerce.number().min(0).default(60),
  /** How many distinct complete listings must miss a job before it may be lost. */
  ABSENCES: z.coerce.number().int().min(1).default(3),
  /** How long a job must be missing from complete listings before it is lost. */
  ABSENCE_SECONDS: z.coerce.number().min(0).default(60),
  /** How long a scheduler's terminal word waits for a sentinel that a slow file system may hide. */
  SENTINEL_SECONDS: z.coerce.number().min(0).default(60),
  /** How often it is looked whether running jobs write: one remote command for 500 of them. */
  PULSE_SECONDS: z.coerce.number().min(0.1).default(300),
  /** Silence that is remarked at the earliest; beyond it a run's own pace counts. */
  QUIET_SECONDS: z.coerce.number().min(0.1).default(1_800),
  /** Attempts per fetch. */
  FETCH_BATCH: z.coerce.number().int().min(1).max(1_000).default(100),
})
export type ReadSettings = z.infer<typeof ReadSettings>
