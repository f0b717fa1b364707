import { CommonEnv, parseConfig } from '@crystalmath/service'
import { z } from 'zod'

const GatewayEnv = CommonEnv.extend({
  /** Of the API. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(4_100),
  HOST: z.string().default('127.0.0.1'),
  /** Where the first administrator's token is written, readable by its owner alone, when the platform has no token yet. */
  GATEWAY_FIRST_TOKEN_FILE: z.string().optional(),
  /** Larger bodies are refused. */
  BODY_MEBIBYTES: z.coerce.number().min(0.001).max(512).default(50),
  /** Larger tables of a campaign are refused; they are read as they come. */
  CAMPAIGN_MEBIBYTES: z.coerce.number().min(0.001).max(65_536).default(4_096),
  /** Requests per second and token, in the long run. */
  RATE_PER_SECOND: z.coerce.number().min(1).default(100),
  /** Requests of one token at once, before the rate counts. */
  RATE_BURST: z.coerce.number().min(1).default(500),
  /** News kept in memory, so that a live stream can be taken up again. */
  RECENT_EVENTS: z.coerce.number().int().min(10).default(20_000),
  /** How often holds that run out are looked at. */
  GATEWAY_SWEEP_SECONDS: z.coerce.number().min(0.05).default(5),
  /** Longest wait for a cluster's answer to a question about files. */
  ASK_SECONDS: z.coerce.number().min(0.1).default(15),
  /** How long a cluster without a connection is waited for before the doctor is given up. */
  POLLER_SECONDS: z.coerce.number().min(0).default(20),
  /** How long it still answers after it was asked to stop, sending each connection elsewhere: for proxies and balancers to notice. */
  DRAIN_SECONDS: z.coerce.number().min(0).max(10).default(0),
  /** Longest wait for the doctor. */
  CHECK_SECONDS: z.coerce.number().min(1).default(170),
})
export type GatewayConfig = z.infer<typeof GatewayEnv>

/** Read by `main.ts`, once. */
export const readConfig = (): Readonly<GatewayConfig> => parseConfig(GatewayEnv, process.env)
