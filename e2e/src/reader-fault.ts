import { registerHooks } from 'node:module'

/**
 * Loaded into services before their own code (`node --import`). Plants a bug into the parser's reading, there as long as the file that
 * READER_FAULT_FILE names exists. A fake, for no reader can be made to fail on demand.
 */
registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (!url.endsWith('/services/parser/src/worker.ts')) return loaded
    const bug = `if ((await import('node:fs')).existsSync(process.env['READER_FAULT_FILE'] ?? '')) throw new TypeError('planted: x is undefined')`
    const { source } = loaded
    const text = typeof source === 'string' ? source : new TextDecoder().decode(source)
    return { ...loaded, source: text.replace('  try {', `  try {\n    ${bug}`) }
  },
})
