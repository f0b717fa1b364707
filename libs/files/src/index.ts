export { type ParseOptions, parsePath } from './parse-path.ts'
