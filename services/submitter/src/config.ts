import { hostname } from 'node:os'
import { CommonEnv, parseConfig } from '@crystalmath/service'
import { z } from 'zod'

const SubmitterEnv = CommonEnv.extend({
  /** Folder of the clusters' private keys. */
  CLUSTER_KEYS: z.string().min(1),
  /** A write lease lasts so long; another replica takes over after it. */
  LEASE_TTL_SECONDS: z.coerce.number().min(3).default(60),
  /** How often clusters and free leases are looked for. */
  LOOK_SECONDS: z.coerce.number().min(0.1).default(5),
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
export type SubmitterConfig = z.infer<typeof SubmitterEnv>
export const config = parseConfig(SubmitterEnv, process.env)

/** Names this process among replicas. */
export const holder = `${hostname()}:${process.pid}:${Date.now().toString(36)}`
