import { CommonEnv, parseConfig } from '@crystalmath/service'
import { z } from 'zod'

const ParserEnv = CommonEnv.extend({
  /** Worker threads that read outputs. */
  WORKERS: z.coerce.number().int().min(1).max(64).default(2),
  /** One calculation may take so long to read. */
  PARSE_SECONDS: z.coerce.number().min(1).default(300),
  /** Memory of one worker, MiB; a worker that wants more is ended, and its file is a dead letter. */
  WORKER_MEBIBYTES: z.coerce.number().int().min(64).default(1_024),
  /** How often ended attempts that no event announced are looked for. */
  SWEEP_SECONDS: z.coerce.number().min(0.2).default(10),
  /** Sweeps leave alone what moved in the last so many seconds. */
  SWEEP_GRACE_SECONDS: z.coerce.number().min(0).default(20),
})
export type ParserConfig = z.infer<typeof ParserEnv>
export const config = parseConfig(ParserEnv, process.env)
