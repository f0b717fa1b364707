import { compileAhead } from './compile.ts'

// Run by `npm ci` at its end. Without what it makes, the command line starts from its sources.
await compileAhead()
