import { CommonEnv, parseConfig } from '@crystalmath/service'
import { z } from 'zod'

const OrchestratorEnv = CommonEnv.extend({
  /** How often waiting jobs whose predecessor's end no event announced are looked for. */
  SWEEP_SECONDS: z.coerce.number().min(0.2).default(5),
})
export const config = parseConfig(OrchestratorEnv, process.env)
