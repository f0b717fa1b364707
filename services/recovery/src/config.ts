import { CommonEnv, parseConfig } from '@crystalmath/service'
import { z } from 'zod'

const RecoveryEnv = CommonEnv.extend({
  /** How often parsed attempts that no event announced are looked for. */
  SWEEP_SECONDS: z.coerce.number().min(0.2).default(10),
  /** Sweeps leave alone what moved in the last so many seconds. */
  SWEEP_GRACE_SECONDS: z.coerce.number().min(0).default(20),
})
export const config = parseConfig(RecoveryEnv, process.env)
