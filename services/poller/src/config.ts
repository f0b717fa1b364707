import { hostname } from 'node:os'
import { CommonEnv, parseConfig } from '@crystalmath/service'
import { z } from 'zod'
import { ReadSettings } from './settings.ts'

const PollerEnv = CommonEnv.extend({
  /** Folder of the clusters' private keys. */
  CLUSTER_KEYS: z.string().min(1),
  /** A read lease lasts so long after its last renewal; with a look of `LOOK_SECONDS` more, another replica serves within a minute of a kill. */
  LEASE_TTL_SECONDS: z.coerce.number().min(3).default(50),
  /** How often clusters and free leases are looked for. */
  LOOK_SECONDS: z.coerce.number().min(0.1).default(5),
  ...ReadSettings.shape,
  /** How often accounting is asked what ended attempts were billed: one command per 500 of them. */
  SETTLE_SECONDS: z.coerce.number().min(1).default(120),
  /** How often the doctor comes again to a cluster with an error among its findings: nothing is sent there until it is mended. */
  DOCTOR_AGAIN_SECONDS: z.coerce.number().min(1).default(60),
  /** Of the nightly doctor, in the time zone of the service. */
  DOCTOR_CRON: z.string().default('17 3 * * *'),
})
export type PollerConfig = z.infer<typeof PollerEnv>
export const config = parseConfig(PollerEnv, process.env)

/** Names this process among replicas. */
export const holder = `${hostname()}:${process.pid}:${Date.now().toString(36)}`
