import { output } from './output.ts'

/** One reader per kind of file. */
export const readers = { output }
