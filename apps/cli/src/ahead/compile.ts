import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { bundle } from './bundle.ts'
import { MANIFEST, type Manifest, sourceOf } from './manifest.ts'

const CHECKOUT = join(import.meta.dirname, '../../../..')
/** Where bin/crystalmath looks for it. */
export const AHEAD = join(CHECKOUT, 'node_modules/.cache/crystalmath-parse')
/** What bin/crystalmath runs it with: V8 refuses code that was made with others. */
export const OPTIONS: readonly string[] = ['--max-opt=2']
/** Stands for all packages: npm writes it at the end of each installation. */
const INSTALLED = 'node_modules/.package-lock.json'
/** A process that began with an older program may still load a chunk of it. */
const KEPT_MS = 3_600_000

/** Compiles `crystalmath parse` into a folder, so that it need not be loaded module by module and compiled at each start. Takes a second. */
export async function compileAhead(folder: string = AHEAD): Promise<void> {
  const began = Date.now()
  const chunks = `${began}-${process.pid}`
  const to = join(folder, chunks)
  mkdirSync(to, { recursive: true })
  const modules = new Set([...(await bundle('entry.ts', to)), ...(await bundle('start.ts', to))])
  const warm = spawnSync(process.execPath, [...OPTIONS, join(import.meta.dirname, 'warm.ts'), to], { encoding: 'utf8' })
  if (warm.status !== 0) throw new Error(`the compiled command line does not run: ${warm.stderr}`)
  const files = [...modules].filter((id) => !id.startsWith('\0')).map((id) => relative(CHECKOUT, id))
  const paths = new Set(files.map((file) => (file.startsWith('node_modules/') ? INSTALLED : file)))
  const sources = [...paths].map((path) => sourceOf(CHECKOUT, path))
  // its manifest would say that the program is what it is by now
  const [fresh] = sources.find(([, , modifiedMs]) => modifiedMs >= began) ?? []
  if (fresh !== undefined) throw new Error(`${fresh} changed while the command line was compiled`)
  const manifest: Manifest = {
    chunks,
    node: process.version,
    checkout: relative(folder, CHECKOUT),
    sources,
  }
  writeFileSync(join(to, MANIFEST), JSON.stringify(manifest))
  renameSync(join(to, MANIFEST), join(folder, MANIFEST))
  renameSync(join(to, 'start.cjs'), join(folder, 'start.cjs'))
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory() && Number.parseInt(entry.name, 10) < Date.now() - KEPT_MS)
      rmSync(join(folder, entry.name), { recursive: true, force: true })
}
