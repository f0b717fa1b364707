// What needs no validation: loaded without zod, since starting fast is part of the command line.
export { CODE_NAMES } from './code-names.ts'
export * from './errors.ts'
export type * from './index.ts'
export { summaryOf } from './result-summary.ts'
export * from './units.ts'
