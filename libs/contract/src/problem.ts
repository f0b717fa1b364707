import { z } from 'zod'

/** One thing wrong with what somebody sent: where, which value, and what helps. */
export const InputProblem = z.object({
  /** Index of the row in a bulk request. */
  row: z.number().int().optional(),
  /** `parameters.system.ecutwfc`. */
  path: z.string(),
  /** The value as sent, shortened. */
  value: z.string().optional(),
  message: z.string(),
  /** What to write instead. */
  mend: z.string().optional(),
})
export type InputProblem = z.infer<typeof InputProblem>

/** RFC 9457 problem document, `application/problem+json`. */
export const ProblemDocument = z.object({
  type: z.string().default('about:blank'),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  instance: z.string().optional(),
  errors: z.array(InputProblem).optional(),
})
export type ProblemDocument = z.infer<typeof ProblemDocument>
