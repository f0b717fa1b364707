import { gradient } from './gradient.ts'
import { output } from './output.ts'

export const readers = { output, gradient }
