import { statSync } from 'node:fs'
import { parsePath } from '@crystalmath/files'
import { corpusFiles } from './files.ts'

// rate.ts: every file of the corpus, one after another in this process; those that no code knows are refused, which is work, too. As JSON.
const files = corpusFiles()
const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0)
const passes: { readonly seconds: number; readonly read: number }[] = []
for (let left = 4; left > 0; left -= 1) {
  const began = performance.now()
  let read = 0
  for (const path of files)
    read += await parsePath(path).then(
      () => 1,
      () => 0,
    )
  passes.push({ seconds: (performance.now() - began) / 1_000, read })
}
const [cold, ...others] = passes
const warm = others.sort((a, b) => a.seconds - b.seconds)[0]
process.stdout.write(
  `${JSON.stringify({ files: files.length, bytes, read: cold?.read, coldSeconds: cold?.seconds, warmSeconds: warm?.seconds })}\n`,
)
