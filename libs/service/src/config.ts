import { readFileSync } from 'node:fs'
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

/** Variables that may stand in a file instead: `NATS_PASSWORD_FILE=/run/secrets/nats_password`. Other programs cannot see those. */
const SECRETS = ['NATS_PASSWORD', 'MONGODB_URL'] as const

type Environment = Readonly<Record<string, string | undefined>>

/** Takes the secrets that are named as files out of those; a line break at a file's end is none of the secret. */
function withSecrets(environment: Environment): Environment {
  const fromFiles = SECRETS.flatMap((name) => {
    const file = environment[`${name}_FILE`]
    if (file === undefined || file === '') return []
    if (environment[name] !== undefined)
      throw new PermanentError(`Configuration is not usable:\n✖ ${name} and ${name}_FILE are both set: keep one`)
    return [[name, readSecret(name, file)] as const]
  })
  return { ...environment, ...Object.fromEntries(fromFiles) }
}

function readSecret(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (cause) {
    const because = cause instanceof Error ? cause.message : String(cause)
    throw new PermanentError(`Configuration is not usable:\n✖ the file of ${name} cannot be read: ${because}`, { cause })
  }
}

export type CommonConfig = z.infer<typeof CommonEnv>

/** Reads the environment once, secrets out of their files, and freezes it; one `PermanentError` names every wrong variable. */
export function parseConfig<T extends z.ZodType>(schema: T, environment: Environment): Readonly<z.infer<T>> {
  const parsed = schema.safeParse(withSecrets(environment))
  if (!parsed.success) throw new PermanentError(`Configuration is not usable:\n${z.prettifyError(parsed.error)}`)
  return Object.freeze(parsed.data as object) as Readonly<z.infer<T>>
}

/** Who started this process and keeps it alive (`crystalmath up`); null under systemd, Compose or Kubernetes, which end their own. */
export const supervisorPid: number | null = Number(process.env['SUPERVISOR_PID'] ?? '') || null
