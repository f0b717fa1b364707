import { z } from 'zod'
import { CODE_NAMES } from './code-names.ts'

export const CodeName = z.enum(CODE_NAMES)
export type CodeName = z.infer<typeof CodeName>
