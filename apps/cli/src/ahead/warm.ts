import { createRequire } from 'node:module'
import { openChunks } from './chunks.ts'
import { fixtures } from './fixtures.ts'

// warm.ts FOLDER: runs a bundled program on outputs of several codes, then keeps what V8 compiled for it.
const [folder = ''] = process.argv.slice(2)
const chunks = openChunks(folder, createRequire(import.meta.url))
const { run } = chunks.load('entry.cjs') as { run: () => Promise<void> }
for (const words of [['--json'], ['--json', '--full'], []]) {
  process.argv.splice(2, Number.POSITIVE_INFINITY, 'parse', ...words, ...fixtures())
  await run()
}
chunks.keepCode()
process.exitCode = 0 // some of the outputs are no outputs
