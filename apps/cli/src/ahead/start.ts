import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openChunks } from './chunks.ts'
import { isCurrent, type Manifest, readManifest } from './manifest.ts'

// Compiled itself, this is what bin/crystalmath runs: the program that was made of the sources as they are, else the sources.
const folder = import.meta.dirname
const manifest = readManifest(folder)
const run = manifest !== null && isCurrent(folder, manifest) ? compiled(manifest) : null

if (run !== null) run()
else void import(pathToFileURL(join(folder, manifest?.checkout ?? '../../..', 'apps/cli/src/main.ts')).href)

/** Null where somebody removed it. */
function compiled({ chunks }: Manifest): (() => void) | null {
  try {
    return openChunks(join(folder, chunks), createRequire(import.meta.url)).load('entry.cjs')['run'] as () => void
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
