import { PermanentError } from '@crystalmath/contract'
import { z } from 'zod'

/** Variables that every service has. */
export const CommonEnv = z.object({
  NATS_URL: z.string().min(1),
  NATS_USER: z.string().optional(),
  NATS_PASSWORD: z.string().optional(),
  /** Copies of each stream: 3 on a cluster of three servers. */
  NATS_REPLICAS: z.coerce.number().int().min(1).max(5).default(1),
  MONGODB_URL: z.string().min(1),
  MONGODB_DATABASE: z.string().default('crystalmath'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Port of /healthz, /readyz and /metrics; 0 takes any. */
  HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  HEALTH_HOST: z.string().default('127.0.0.1'),
  /** Stream prefix, for tests that share a server. */
  BUS_PREFIX: z.string().default(''),
})

/** Reads the environment once and freezes it; one `PermanentError` names every wrong variable. */
export function parseConfig<T extends z.ZodType>(
  schema: T,
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<z.infer<T>> {
  const parsed = schema.safeParse(environment)
  if (!parsed.success) throw new PermanentError(`Configuration is not usable:\n${z.prettifyError(parsed.error)}`)
  return Object.freeze(parsed.data as object) as Readonly<z.infer<T>>
}

/** Who started this process and keeps it alive (`crystalmath up`); null under systemd, Compose or Kubernetes, which end their own. */
export const supervisorPid: number | null = Number(process.env['SUPERVISOR_PID'] ?? '') || null
