import { z } from 'zod'

/** What a turn of the write side is told; the defaults are those of a real site. */
export const WriteSettings = z.object({
  /** How often a cluster's jobs are swept for work that no event announced. */
  SWEEP_SECONDS: z.coerce.number().min(0.1).default(2),
  /** Submissions per remote command. */
  BATCH: z.coerce.number().int().min(1).max(200).default(25),
  /** How long after its intent a submission without an answer is looked up. */
  UNANSWERED_SECONDS: z.coerce.number().min(1).default(15),
  /** Age of a silent claim, by the cluster's clock, before two complete listings may disprove it: longer than `sbatch` may take there (30 s). */
  CLAIM_SECONDS: z.coerce.number().min(35).default(180),
  /** How long a refused job waits before the next try. */
  REFUSED_RETRY_SECONDS: z.coerce.number().min(0.5).default(30),
})
export type WriteSettings = z.infer<typeof WriteSettings>
