import { output } from './output.ts'

export const readers = { output }
