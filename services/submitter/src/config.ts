import { hostname } from 'node:os'
import { CommonEnv, parseConfig } from '@crystalmath/service'
import { z } from 'zod'
import { WriteSettings } from './settings.ts'

const SubmitterEnv = CommonEnv.extend({
  /** Folder of the clusters' private keys. */
  CLUSTER_KEYS: z.string().min(1),
  /** A write lease lasts so long after its last renewal; with a look of `LOOK_SECONDS` more, another replica serves within a minute of a kill. */
  LEASE_TTL_SECONDS: z.coerce.number().min(3).default(50),
  /** How often clusters and free leases are looked for. */
  LOOK_SECONDS: z.coerce.number().min(0.1).default(5),
  ...WriteSettings.shape,
})
export const config = parseConfig(SubmitterEnv, process.env)

/** Names this process among replicas. */
export const holder = `${hostname()}:${process.pid}:${Date.now().toString(36)}`
